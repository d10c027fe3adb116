package network

import (
	"encoding/json"
	"fmt"

	"horsepipe/pkg/post"
)

// A Mention is what the record of a post that names an account has besides the fields of
// [post.Post]: all that is needed to decide whether and how to answer it.
type Mention struct {
	AuthorID     string  // author_id: the number of the author
	Conversation string  // conversation_id: the first post of the thread
	RepliedID    string  // in_reply_to_user_id: the number of the author of the post that it answers
	Named        []Named // mentions: all accounts that it calls
	Automated    bool    // automated: the author is said to be a bot

	Versions []string // versions: the ids of all versions of a post that was edited, its own among them
}

// Named is an account that a post names. ID is "" if the network does not tell it.
type Named struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"` // without @
}

// part is a field of a record.
type part struct {
	name  string
	value any
	empty bool
}

func (m *Mention) parts() []part {
	return []part{
		{authorField, &m.AuthorID, m.AuthorID == ""},
		{"conversation_id", &m.Conversation, m.Conversation == ""},
		{"in_reply_to_user_id", &m.RepliedID, m.RepliedID == ""},
		{"mentions", &m.Named, len(m.Named) == 0},
		{"automated", &m.Automated, !m.Automated},
		{"versions", &m.Versions, len(m.Versions) == 0},
	}
}

// MentionOf reads the fields of a record. A field that cannot be read is an error, since an answer
// might call somebody by accident.
func MentionOf(p *post.Post) (m Mention, err error) {
	for _, part := range m.parts() {
		if v, ok := p.Extra(part.name); ok {
			if err := json.Unmarshal(v, part.value); err != nil {
				return Mention{}, fmt.Errorf("the field %s: %w", part.name, err)
			}
		}
	}
	return m, nil
}

// Set writes the fields that are not empty.
func (m Mention) Set(p *post.Post) {
	for _, part := range m.parts() {
		if !part.empty {
			p.SetExtra(part.name, part.value)
		}
	}
}
