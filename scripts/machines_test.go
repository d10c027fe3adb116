package scripts

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// page is scripts/doc/many-machines.md; a person would copy its blocks.
type page string

func readPage(t *testing.T) page {
	data, err := os.ReadFile("doc/many-machines.md")
	if err != nil {
		t.Fatal(err)
	}
	return page(data)
}

// block returns the only block of code that contains mark.
func (p page) block(t *testing.T, mark string) string {
	t.Helper()
	var found []string
	for _, m := range regexp.MustCompile("(?s)```(?:bash|python)\n(.*?)```").FindAllStringSubmatch(string(p), -1) {
		if strings.Contains(m[1], mark) {
			found = append(found, m[1])
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d blocks have %q", len(found), mark)
	}
	return found[0]
}

// fakeHDFS keeps the files of HDFS in $HDFS. Like the real one it writes a file under another name
// first, and refuses to overwrite a file unless told to.
const fakeHDFS = `#!/bin/bash
set -eu
name() { case $1 in /user/*/*) echo "$HDFS/${1#/user/*/}" ;; *) echo "$HDFS/$1" ;; esac; }
[ "$1" = dfs ]
case "$2 $3" in
"-rm -r") shift 5; for f; do rm -rf "$(name "$f")"; done ;;
"-mkdir -p") mkdir -p "$(name "$4")" ;;
"-put -f") to=$(name "$5"); cp "$4" "$to._COPYING_"; mv "$to._COPYING_" "$to" ;;
"-get "*) cp -r "$(name "$3")" "${4:-.}" ;;
*) echo "hdfs: what is $*" >&2; exit 1 ;;
esac
`

// fakeMapred does what Hadoop Streaming does with a job without reducers: each split goes, line by line,
// to a mapper in a folder of its own, which has the files, and the job's settings in its environment,
// with "_" for ".". A mapper that fails is started again. Its output is cut into lines of a key and a
// value, as a text format would write it. $KEYS puts a number before each line, as input formats other
// than Streaming's own do.
const fakeMapred = `#!/bin/bash
set -euo pipefail
[ "$1" = streaming ]
shift
declare -A o
settings=()
while [ $# -gt 0 ]; do
	case $1 in
	-D) settings+=("${2//./_}") ;;
	-cmdenv) settings+=("$2") ;;
	*) o[$1]=$2 ;;
	esac
	shift 2
done
mkdir "$HDFS/${o[-output]}"
work=$(mktemp -d)
split -n l/3 -d "$HDFS/${o[-input]}" "$work/split-"
number=0
for split in "$work"/split-*; do
	for attempt in 0 1; do
		mkdir "$work/task"
		for file in ${o[-files]//,/ }; do ln -s "$(realpath "$file")" "$work/task/"; done
		task=$(printf '1700000000000_0001_m_%06d' "$number")
		eval "mapper=(${o[-mapper]})"
		if (cd "$work/task" && awk -v keys="${KEYS-}" 'keys {printf "%d\t", at; at += length + 1} {print}' "$split" |
			env "${settings[@]}" mapreduce_task_id="task_$task" mapreduce_task_attempt_id="attempt_${task}_$attempt" "${mapper[@]}" >"$work/out"); then ok=1; else ok=; fi
		while IFS= read -r line; do printf '%s\t\n' "$line"; done <"$work/out" >>"$HDFS/${o[-output]}/part"
		rm -rf "$work/task"
		[ -n "$ok" ] && [ "$attempt" = "${AGAIN-0}" ] && break
	done
	[ -n "$ok" ] || exit 1
	number=$((number + 1))
done
rm -rf "$work"
`

// The commands of the page, unchanged, make of a job's splits what mk-train makes of them.
func TestHadoopStreaming(t *testing.T) {
	s, doc := newSharding(t), readPage(t)
	s.cluster()
	s.write("hdfs", fakeHDFS)
	s.write("mapred", fakeMapred)
	s.write("mapper.sh", doc.block(t, "mapreduce_task_id##"))
	s.must(`split -n l/3 -d corpus.jsonl want- && for n in 0 1 2; do mk-train -q -o want-$n.model want-0$n; done`)
	for _, env := range []string{"", "KEYS=1", "AGAIN=1"} { // the last starts each mapper twice, as if its node had been lost
		run := s.must("rm -rf all; " + export(env) + doc.block(t, "mapred streaming"))
		if run != "" || s.must("cat fs/shards.job/part") != "" {
			t.Errorf("%s: something went through standard output: %q", env, run)
		}
		s.must(`[ "$(ls all)" = "$(printf 'shard-%06d.model\n' 0 1 2)" ] && for n in 0 1 2; do cmp want-$n.model all/shard-00000$n.model; done`)
	}
	s.must("sed -i '5s/.*/{/' fs/corpus.jsonl && rm -r all")
	s.must(doc.block(t, "mapred streaming")) // a bad line is no failure
	s.must("mv real/bin/mk-train away && rm -r all")
	if code, _, _ := s.sh(doc.block(t, "mapred streaming")); code == 0 {
		t.Error("a job whose mappers fail goes well")
	}
}

func export(env string) string {
	if env == "" {
		return ""
	}
	return "export " + env + "\n"
}

// cluster puts the corpus where a cluster keeps it, and the programs where a person keeps them.
func (s *sharding) cluster() {
	s.must("mkdir -p fs real && cp corpus.jsonl fs/ && cp -r " + s.bin + " real/bin")
	s.env = append(s.env, "HDFS="+s.path("fs"), "HOME="+s.path("real"), "USER=me", "PATH="+s.dir+":"+s.bin+":/usr/bin:/bin")
}

// fakeSpark does what PySpark does with textFile, pipe and saveAsTextFile: it gives the lines of each
// partition to a process with no environment at all, and reads the output as lines of UTF-8; the exit
// code counts because of checkCode.
const fakeSpark = `#!/bin/bash
set -euo pipefail
[ "$1" = --files ]
grep -q 'checkCode=True' "$3"
command=$(sed -n 's/.*\.pipe("\([^"]*\)".*/\1/p' "$3")
input=$(sed -n 's/.*textFile("\([^"]*\)".*/\1/p' "$3")
output=$(sed -n 's/.*saveAsTextFile("\([^"]*\)".*/\1/p' "$3")
work=$(mktemp -d)
mkdir "$HDFS/$output"
split -n l/3 -d -a 5 "$HDFS/$input" "$work/split-"
for split in "$work"/split-*; do
	task=$work/task
	mkdir "$task"
	for file in ${2//,/ }; do cp "$file" "$task/"; done
	(cd "$task" && env -i $command <"$split" >"$work/out")
	iconv -f UTF-8 -t UTF-8 "$work/out" | awk 1 >"$HDFS/$output/part-${split##*-}"
	[ "$(ls "$task")" = "$(printf 'mk-train\nshard.sh')" ]
	rm -rf "$task"
done
rm -rf "$work"
`

func TestSparkPipe(t *testing.T) {
	s, doc := newSharding(t), readPage(t)
	s.cluster()
	s.write("hdfs", fakeHDFS)
	s.write("spark-submit", fakeSpark)
	s.write("shard.sh", doc.block(t, "base64 -w 0"))
	s.write("shards.py", doc.block(t, "checkCode=True"))
	s.must(`split -n l/3 -d corpus.jsonl want- && for n in 0 1 2; do mk-train -q -o want-$n.model want-0$n; done`)
	s.must(doc.block(t, "spark-submit"))
	s.must(`[ "$(ls all)" = "$(printf 'shard-%05d.model\n' 0 1 2)" ] && for n in 0 1 2; do cmp want-$n.model all/shard-0000$n.model; done`)
	s.must("rm -r all shards.b64 fs/shards.b64 && mv real/bin/mk-train away")
	if code, _, said := s.sh(doc.block(t, "spark-submit")); code == 0 || !strings.Contains(said, "mk-train") {
		t.Errorf("a job whose processes fail ends with %d: %s", code, said)
	}
}
