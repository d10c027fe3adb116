package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// editInfo is what an edited post, and since 2022 every post, says of its versions.
type editInfo struct {
	Initial struct {
		EditTweetIDs []string `json:"editTweetIds"`
	} `json:"initial"`
	Edit struct {
		InitialTweetID string `json:"initialTweetId"`
	} `json:"edit"`
}

// firstVersion returns the id of the first version of an edited post, or 0 for posts that were not
// edited.
//
// It finds the object without parsing the whole post: "edit_info" in quotes and before a colon is
// the name of a field, since inside a string its quotes would be escaped.
func firstVersion(body []byte) uint64 {
	_, rest, ok := bytes.Cut(body, []byte(`"edit_info"`))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if !ok || len(rest) == 0 || rest[0] != ':' {
		return 0
	}
	var info editInfo
	if json.NewDecoder(bytes.NewReader(rest[1:])).Decode(&info) != nil {
		return 0
	}
	first := info.Edit.InitialTweetID
	if len(info.Initial.EditTweetIDs) > 1 {
		first = info.Initial.EditTweetIDs[0]
	}
	id, _ := strconv.ParseUint(first, 10, 63)
	return id
}

// edited records one version of an edited post. Of all versions met, the newest stays, and each of
// the others gets a record that says so. A version that is in no file has no effect on the ones
// before it.
func (r *reader) edited(id, first uint64) error {
	newest, met := r.edits[first]
	if !met && len(r.edits) == maxEdited {
		return fmt.Errorf("%w: more than %d edited posts", ErrHostile, maxEdited)
	}
	r.edits[first] = max(id, newest)
	for _, old := range [...]uint64{first, min(id, newest)} {
		if old == 0 || old == max(id, newest) {
			continue
		}
		if err := r.put(&record{id: old, mark: superseded}); err != nil {
			return err
		}
	}
	return nil
}
