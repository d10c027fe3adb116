package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"
)

// The old model stays if there is no better one.
func TestTrain(t *testing.T) {
	h := newHousehold(t)
	h.wants(2, "", "train.sh: error: name a model and at least one corpus; --help tells more", "train.sh", "m")
	h.wants(2, "", "train.sh: error: --least half is no percentage", "train.sh", "--least", "half", "m", "c")
	long := `{"text":"the apple falls down"}` + "\n" + `{"text":"the moon goes round the earth"}` + "\n" + `{"text":"light is of many colours"}` + "\n"
	file := func(name, text string) string {
		path := filepath.Join(h.home, name)
		h.check(os.WriteFile(path, []byte(text), 0o600))
		return name
	}
	model := func() string {
		data, err := os.ReadFile(filepath.Join(h.home, "m"))
		h.check(err)
		return string(data)
	}
	h.wants(0, "", "", "train.sh", "m", file("long", long))
	first := model()
	h.wants(0, "", "mk-train: 3 read, 3 learned", "train.sh", "-v", "m", "long")
	if model() != first {
		t.Error("the same posts made another model")
	}

	h.wants(1, "", "mk-train: error: ...", "train.sh", "m", file("empty", ""))
	h.wants(1, "", "mk-train: error: ...no such file...", "train.sh", "m", "none")
	short := file("short", `{"text":"the apple falls down"}`+"\n")
	h.wants(1, "", "train.sh: error: the new model has 1 posts, the old one 3; the old one stays (if ..., remove the old one, and train again)", "train.sh", "m", short)
	if model() != first {
		t.Error("the old model did not stay")
	}
	h.wants(0, "", "", "train.sh", "--least", "30", "m", short)
	h.wants(3, "", "", "train.sh", "--train", "--min-words=5", "m", file("torn", long+`{"te`))
	h.wants(0, "checksum ...\nposts     2\n...", "", "mk-info", "m")

	// An old model that cannot be read is not kept, and a new one that is badly made does not replace the
	// old one.
	file("m", "no model")
	h.wants(0, "", "", "train.sh", "m", "long")
	bad := file("mk-train", "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" != -o ] || echo bad > \"$2\"; shift; done\n")
	h.check(os.Chmod(filepath.Join(h.home, bad), 0o700))
	plain := h.env
	h.env = append(h.env, "PATH="+h.home+":"+strings.TrimPrefix(h.env[0], "PATH="))
	h.wants(1, "", "mk-info: error: ...m.new...\ntrain.sh: error: the new model is damaged; m stays as it was", "train.sh", "m", "long")
	h.env = plain
	if model() != first {
		t.Error("the old model did not stay")
	}
	lock := flock.New(filepath.Join(h.home, "m.lock"))
	if ok, err := lock.TryLock(); !ok {
		t.Fatal(err)
	}
	h.wants(75, "", "train.sh: error: another run is at work on m", "train.sh", "m", "long")
	h.check(lock.Close())

	// Names may begin with a dash.
	for range 2 {
		h.wants(0, "", "mk-train: 3 read, 3 learned", "train.sh", "-v", "--", "-m", file("-c", long))
	}

	// The model may be a link, for example to a larger disk.
	h.check(os.Mkdir(filepath.Join(h.home, "disk"), 0o700))
	h.check(os.Symlink("disk/there", filepath.Join(h.home, "link")))
	for range 2 {
		h.wants(0, "", "", "train.sh", "link", "long")
		if data, err := os.ReadFile(filepath.Join(h.home, "disk", "there")); err != nil || string(data) != first {
			t.Errorf("the model is not where the link leads: %v", err)
		}
	}

	// The mode stays as well.
	h.check(os.Chmod(filepath.Join(h.home, "m"), 0o640))
	h.wants(0, "", "", "train.sh", "m", "long")
	if info, err := os.Stat(filepath.Join(h.home, "m")); err != nil || info.Mode() != 0o640 {
		t.Errorf("the model has mode %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(h.home, "*.new*")); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
}
