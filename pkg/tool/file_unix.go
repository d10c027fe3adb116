//go:build !windows

package tool

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

func newReplacement(path string) (replacement, error) {
	return renameio.NewPendingFile(path,
		renameio.WithTempDir(filepath.Dir(path)),
		renameio.WithPermissions(0o666), // less the umask, as the shell's > does it
		renameio.WithExistingPermissions())
}
