package network

import (
	"encoding/json"
	"fmt"
	"time"

	"horsepipe/pkg/post"
)

// An Answer is what every record on the way from a mention to the log has to tell of the answer:
// whom it is for, and whom it must not call. It is the field "answer" of the mention, which says
// what an answer has to carry, and so of the draft, the intent and the receipt. Budgets are counted
// from it.
type Answer struct {
	To           string    `json:"to,omitempty"`              // the person's name, without @
	ToID         string    `json:"to_id,omitempty"`           // and account number, which stays when the name changes
	Conversation string    `json:"conversation_id,omitempty"` // the id of its first post
	AskedAt      time.Time `json:"asked_at,omitzero"`         // when the mention was made
	// Exclude has the account numbers of the others whom the mention names: the network would call
	// them, too.
	Exclude []string `json:"exclude_reply_user_ids,omitempty"`
}

// answerField is the name of the field.
const answerField = "answer"

// AnswerOf reads the field of a record; ok is false if there is none. After an error the record must not
// be sent, since nobody knows whom it would call.
func AnswerOf(p *post.Post) (a Answer, ok bool, err error) {
	field, ok := p.Extra(answerField)
	if !ok || string(field) == "null" {
		return a, false, nil
	}
	if err := json.Unmarshal(field, &a); err != nil {
		return Answer{}, false, fmt.Errorf("the field %s: %w", answerField, err)
	}
	return a, true, nil
}

// Set writes the field of a record, without a date that JSON cannot hold.
func (a Answer) Set(p *post.Post) {
	field, err := json.Marshal(a)
	if err != nil { // a year beyond 9999
		a.AskedAt = time.Time{}
		field, _ = json.Marshal(a)
	}
	p.SetExtra(answerField, json.RawMessage(field))
}
