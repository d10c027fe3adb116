# A bot's life in the image, sped up. image.sh sources this once the image is built, and provides engine,
# image, work and docker.
#
# Two containers share a network that has only loopback: x-PID serves a local X, bot-PID runs the bot
# newton. Each has a volume. The file state.jsonl of the former has each post before the bot hears of
# it; the bot's log has what the bot knows of.
# shellcheck shell=bash disable=SC2154

tick=10      # seconds between the runs of each line
patience=300 # seconds, for a slow machine
bot=bot-$$ x=x-$$

# As confined as the manual asks for: a read-only root file system, no capability, an unprivileged user.
confined=(--read-only --tmpfs /tmp --cap-drop all --security-opt no-new-privileges)
# By default Podman makes more of the file system writable, raises limits that it may not be allowed to
# raise, and uses cgroups.
[ -n "$docker" ] || confined+=(--read-only-tmpfs=false --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --cgroups=disabled)

# until_true WHAT COMMAND...: waits for the command to succeed.
until_true() {
	local deadline=$((SECONDS + patience)) what=$1
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || fail 1 "in vain: $what"
		sleep 0.5
	done
}

check() {
	local what=$1
	shift
	"$@" || fail 1 "not so: $what"
	echo "$what"
}

refuse() { ! "$@"; }

# once VOLUME COMMAND...: runs something on a volume, whether or not its own container is running.
once() {
	local volume=$1
	shift
	engine run --rm -i "${confined[@]}" --network none --no-healthcheck -v "$volume:/data" "$image" "$@"
}

inside() { engine exec -i "$bot" "$@" </dev/null; }

# ask METHOD PATH [BODY]: speaks HTTP to the local X, and prints the answer's body.
ask() {
	# shellcheck disable=SC2016 # for the shell that is started
	engine exec "$x" bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080
		printf "%s %s HTTP/1.0\r\nHost: 127.0.0.1:8080\r\nContent-Length: %d\r\n\r\n%s" "$1" "$2" "${#3}" "$3" >&3
		sed "1,/^\r\$/d" <&3' - "$1" "$2" "${3-}"
}

posts() { ask GET "/sandbox/posts?author=${1-newton_ebooks}" | wc -l; }
more_than() { [ "$(posts "${@:2}")" -gt "$1" ]; }
answered() { ask GET '/sandbox/posts?author=newton_ebooks' | grep -q '"reply_to"'; }
in_corpus() { inside grep -q "$1" newton/corpus/newton.jsonl; }
learned() { inside mk-info --dump newton/model/bot.model | grep -q "$1"; }
idle() { ! inside bash -c 'cat /proc/[0-9]*/cmdline' | grep -aq bot.sh; }
# The image's own check, at any time; docker itself runs it only on its schedule.
healthy() {
	if [ -n "$docker" ]; then inside status.sh --check; else engine healthcheck run "$bot"; fi >/dev/null 2>&1
}
# The last line of a log is an intent while the draft has been sent and its fate is unknown. Which bot's
# log that is depends on chance: while one bot waits for its answer the other one, which may have posted
# just before, is not started again.
at_work() { inside bash -c 'tail -qn 1 */log/bot.jsonl' | grep -q '"log":"intent"'; }
told() { engine logs "$bot" 2>&1 | grep -q "$1"; }

# lines: crontab.example with other times, one tick apart, in the seconds field that supercronic has; the
# commands are unchanged.
lines() { sed -E "s/^([0-9*][^ ]* +){5}/*\/$tick * * * * * * /" "$root/crontab.example"; }

start_x() {
	"$here/opticks.sh" | once "$x" sh -c 'cat > opticks.jsonl'
	engine run -d --name "$x" "${confined[@]}" --network none --no-healthcheck -v "$x:/data" "$image" \
		tw-sandbox --listen 127.0.0.1:8080 --account newton --as newton_ebooks --keys keys --state state.jsonl opticks.jsonl >/dev/null
	until_true "the local X listens" engine exec "$x" test -s keys
}

# new_bot NAME [OPTION]...: makes a bot with new-bot.sh, with the keys on standard input, and shortens the
# delay in its bot.conf.
new_bot() {
	once "$bot" sh -c 'umask 077; cat > keys'
	engine run --rm -i "${confined[@]}" --network "container:$x" --no-healthcheck -v "$bot:/data" "$image" \
		new-bot.sh --keys keys "${@:2}" "$1" >"$work/new-bot" 2>&1 || { cat "$work/new-bot" >&2 && fail 1 "new-bot.sh failed"; }
	once "$bot" sed -i 's/^SPEAK=.*/SPEAK=--delay=0-2s/' "$1/bot.conf"
	once "$bot" rm keys
}

start_bot() {
	engine exec "$x" cat keys | new_bot newton --account newton --fetch
	lines | once "$bot" sh -c 'cat > crontab'
	engine run -d --name "$bot" "${confined[@]}" --network "container:$x" -v "$bot:/data" "$image" >/dev/null
}

# post AUTHOR TEXT: lets somebody post.
post() { ask POST "/sandbox/posts?author=$1" "{\"text\":\"$2\",\"created_at\":\"$(date -u +%FT%TZ)\"}" >/dev/null; }

# fault [SPEC]: makes something go wrong at X; without SPEC, ends all faults.
fault() { if [ $# -gt 0 ]; then ask POST /sandbox/faults "$1"; else ask DELETE /sandbox/faults; fi; }

# crontab: gives the bot the lines on standard input, without a restart.
crontab() {
	engine exec -i "$bot" bash -c 'cat > crontab.new && mv crontab.new crontab'
	engine kill -s HUP "$bot" >/dev/null
}

# restart: starts the container after it was stopped or killed; only its volume is left.
restart() {
	local before
	before=$(posts)
	engine start "$bot" >/dev/null
	until_true "it posts again" more_than "$((before + 1))"
}

# nothing_lost: X and the log have the same posts, and no text twice; every file is whole.
nothing_lost() {
	engine exec "$x" cat state.jsonl | grep -o '"id":"[0-9]*"' | sort >"$work/x"
	once "$bot" sh -c 'cat */log/bot.jsonl' | grep '"log":"sent"' | sed 's/.*\("id":"[0-9]*"\).*/\1/' | sort >"$work/log"
	cmp "$work/x" "$work/log" && [ -s "$work/x" ] || return 1
	[ -z "$(engine exec "$x" cat state.jsonl | sed 's/.*\("text":"\([^"\\]\|\\.\)*"\).*/\1/' | sort | uniq -d)" ] || return 1
	once "$bot" mk-info --check newton/model/bot.model || return 1
	# shellcheck disable=SC2016 # for the shell that is started
	once "$bot" bash -c 'for f in */*/*.jsonl; do [ -z "$(tail -c 1 "$f")" ] || { echo "cut: $f" >&2 && exit 1; }; done'
}

# --- The life.

step "a bot lives, by lines that start every $tick seconds"
engine volume create "$x" >/dev/null
engine volume create "$bot" >/dev/null
start_x
start_bot
began=$SECONDS
until_true "three posts" more_than 2
check "posts on schedule" [ "$(posts)" -le $(((SECONDS - began) / tick + 1)) ]
check "no process of root" [ "$(inside bash -c 'cat /proc/[0-9]*/status' | sed -n 's/^Uid:\t//p' | tr '\t' '\n' | sort -u)" = 65532 ]
check "nothing to write to but /data and /tmp" [ "$(inside find / \( -path /proc -o -path /sys -o -path /dev \) -prune -o -writable -print -prune 2>/dev/null | sort | xargs)" = "/data /tmp" ]
check "healthy" healthy

step "new posts and a mention, without a restart"
post newton "Phlogiston was never mentioned in the Queries."
until_true "the corpus grows" in_corpus Phlogiston
until_true "the model learns" learned Phlogiston
post alice "@newton_ebooks what is the colour of light?"
until_true "it answers" answered

step "a second bot, with secrets in files, without a restart"
ask GET '/sandbox/keys?as=isaac_ebooks' >"$work/keys"
# A file for each secret, as containers get them.
while IFS='=' read -r name value; do
	echo "$value" | once "$bot" sh -c "mkdir -p secrets && cat > secrets/$name"
done < <(grep -v API_BASE "$work/keys")
sed '/API_BASE/!s|\(.*\)=.*|\1_FILE=/data/secrets/\1|' "$work/keys" | new_bot isaac --account newton --fetch
until_true "the second one posts" more_than 0 isaac_ebooks

step "failures"
fault "POST /2/tweets:403"
until_true "the container's log tells a failure" told "error: newton: speak"
fault
sed 's/.*bot.sh/#&/' "$root/crontab.example" | crontab
until_true "the last run ends" idle
check "healthy still" healthy
inside sed -i 's/^success=.*/success=2020-01-01T00:00:00Z/' newton/jobs/speak
check "unhealthy when there was no success for too long" refuse healthy
lines | crontab
until_true "healthy again" healthy

step "SIGTERM while a post is on its way"
fault "POST /2/tweets:slow-answer"
until_true "a post is on its way" at_work
began=$SECONDS
engine stop -t 60 "$bot" >/dev/null
check "stopped in $((SECONDS - began)) s" [ $((SECONDS - began)) -lt 20 ]
check "by itself, with 0" [ "$(engine inspect --format '{{.State.ExitCode}}' "$bot")" -eq 0 ]
fault
restart

step "SIGKILL while a post is on its way"
fault "POST /2/tweets:slow-answer"
until_true "a post is on its way" at_work
engine kill -s KILL "$bot" >/dev/null
fault
restart
engine stop -t 60 "$bot" >/dev/null
check "nothing lost, nothing said twice" nothing_lost
echo "$(wc -l <"$work/x") posts"
