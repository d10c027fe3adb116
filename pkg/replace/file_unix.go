//go:build !windows

package replace

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

func begin(path string, access Access) (File, error) {
	beside := renameio.WithTempDir(filepath.Dir(path))
	if access == Private {
		return renameio.NewPendingFile(path, beside, renameio.WithStaticPermissions(0o600))
	}
	return renameio.NewPendingFile(path, beside, renameio.WithPermissions(0o666), renameio.WithExistingPermissions())
}
