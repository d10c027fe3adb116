# An image with the programs and nothing else: no shell, no package manager, not root.
#
#   docker build -t horsepipe .
#   docker run --rm -v "$PWD/data:/data" horsepipe mk-gen user.model
#
# The corpus, models, log and credentials are in /data; a new model there needs no new image.

FROM docker.io/library/golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY pkg pkg
RUN CGO_ENABLED=0 go build -trimpath -ldflags=-s -tags urfave_cli_no_docs -o /out/bin/ ./cmd/...

FROM scratch
COPY --from=build /out/bin/ /usr/local/bin/
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /usr/share/zoneinfo.zip
ENV PATH=/usr/local/bin ZONEINFO=/usr/share/zoneinfo.zip TMPDIR=/data HOME=/data
USER 65532:65532
WORKDIR /data
VOLUME /data
CMD ["mk-gen", "--help"]
