package credential

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A full disk costs no token: the next run, with room, uses the one that is there. Nor does it cost a login.
func TestRotationOnAFullDisk(t *testing.T) {
	r := newRig(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=128k,mode=0700"); err != nil {
		t.Skipf("a small disk cannot be had: %v", err)
	}
	defer syscall.Unmount(disk, syscall.MNT_DETACH)
	k, err := Load(r.path)
	if err != nil {
		t.Fatal(err)
	}
	r.path = filepath.Join(disk, "keys.json")
	filler, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil || k.Save(r.path) != nil {
		t.Fatal(err)
	}
	c := r.client()
	r.now = r.now.Add(3 * time.Hour)
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	filler.Close()
	err = r.get(c)
	if e := (*Error)(nil); !errors.As(err, &e) || e.Error() != "credentials cannot be written: no space left on device" || r.issuer.n > 0 {
		t.Errorf("got %v after %d renewals", err, r.issuer.n)
	}
	env := func(name string) string { return map[string]string{"TW_CREDENTIALS": disk}[name] }
	if err := Ready(env); err == nil || err.Error() != "credentials cannot be written: no space left on device" {
		t.Errorf("ready for a login: %v", err)
	}
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	if err := Ready(env); err != nil {
		t.Error(err)
	}
	if err := r.get(c); err != nil || r.issuer.n != 1 {
		t.Errorf("got %v after %d renewals", err, r.issuer.n)
	}
	if k, err := Load(r.path); err != nil || k.RefreshToken.Reveal() != "refresh1" {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(disk); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
	if data, err := os.ReadFile(r.path); err != nil || strings.HasSuffix(string(data), "  ") {
		t.Errorf("what was reserved is there: %d bytes, %v", len(data), err)
	}
}
