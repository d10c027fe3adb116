# A bot's whole life in one container: the programs, the scripts, and a scheduler that runs the lines of
# crontab.example as cron would. Everything that belongs to a bot is in /data, so a new bot, corpus or model
# needs no new image and no restart. scripts/doc/container.md tells how to run it; scripts/image.sh tests it.
#
#   docker build -t horsepipe .
#   docker run -it --rm -v bots:/data horsepipe new-bot.sh NAME
#   docker run -d --read-only --tmpfs /tmp -v bots:/data --name bots horsepipe

ARG GO=1.26
ARG DEBIAN=trixie

FROM docker.io/library/golang:${GO} AS build
# If these are empty, Go uses its defaults.
ARG GOPROXY
ARG GOSUMDB
ARG VERSION
ENV CGO_ENABLED=0
WORKDIR /src
# The scheduler. Cron itself needs root, empties the environment and writes to syslog; BusyBox's crond needs
# root; go-crond abandons its runs when it is stopped; ofelia and yacron do not read crontabs. Supercronic
# reads them, runs as any user, and has several releases a year. The version is exact, and Go checks what it
# downloads against its checksum database.
ARG SUPERCRONIC=v0.2.48
RUN GOBIN=/out/bin go install -trimpath -ldflags=-s github.com/aptible/supercronic@${SUPERCRONIC}
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY pkg pkg
RUN go build -trimpath -tags urfave_cli_no_docs -ldflags="-s -X horsepipe/pkg/tool.release=${VERSION}" -o /out/bin/ ./cmd/...

# Debian, since the scripts need bash, flock and coreutils: 80 MB, and as much for the programs.
FROM docker.io/library/debian:${DEBIAN}-slim
RUN apt-get update && \
	apt-get install --yes --no-install-recommends ca-certificates tzdata && \
	rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* && \
	install -d -o 65532 -g 65532 /data
COPY --from=build /out/bin/ /usr/local/bin/
COPY crontab.example /usr/local/share/horsepipe/
COPY scripts/answer.sh scripts/bot.sh scripts/common.sh scripts/container.sh scripts/new-bot.sh \
	scripts/speak.sh scripts/status.sh scripts/train.sh /usr/local/bin/
# The temporary files of mk-train --memory are larger than a /tmp in memory should be.
ENV HOME=/data HORSEPIPE_BOTS=/data TMPDIR=/data LC_ALL=C.UTF-8
USER 65532:65532
WORKDIR /data
VOLUME /data
# A bot is unhealthy if one of its jobs has had no success for longer than bot.conf allows, or if it is set
# up wrongly.
HEALTHCHECK --interval=5m --timeout=1m --start-period=10m CMD ["status.sh", "--check"]
CMD ["container.sh"]
