package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/model"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
	"horsepipe/pkg/tool"
)

// facts are what mk-info reports. Their JSON names do not change.
type facts struct {
	Sum      string          `json:"sum"`
	Bytes    int64           `json:"bytes"`
	Posts    int             `json:"posts"`
	Tokens   int             `json:"tokens"`
	Words    int             `json:"words"`
	Known    int             `json:"known"` // posts that were not learned from, or not to their end, but are not copied either
	Earliest string          `json:"earliest,omitempty"`
	Latest   string          `json:"latest,omitempty"`
	Note     json.RawMessage `json:"note"`
	Sections []model.Section `json:"sections"`
	Choice   []float64       `json:"choice"` // share of contexts that leave a choice, by length from 1 on
	Marks    []string        `json:"marks"`  // words that mark this voice
}

const (
	choiceOrders  = 5
	choiceSamples = 5000
	marks         = 20
	markCount     = 5 // occurrences that a word needs to mark a voice
)

func tell(c *tool.Call, m *model.Model) error {
	f := facts{
		Sum: m.Name(), Bytes: m.Size(), Posts: m.Posts(), Tokens: m.Tokens(), Words: m.Words() - m.Gaps(),
		Note: m.Note(), Sections: m.Sections(), Choice: choice(m), Marks: marksOf(m),
	}
	if k, err := m.Known(); err != nil {
		return err
	} else if k != nil {
		f.Known = k.Posts()
	}
	if a, b := m.Dates(); !a.IsZero() {
		f.Earliest, f.Latest = a.Format(time.RFC3339), b.Format(time.RFC3339)
	}
	if err := m.Err(); err != nil {
		return err
	}
	f.Note = bytes.ToValidUTF8(f.Note, []byte("\ufffd")) // json.Valid lets any bytes stand in a string
	if !json.Valid(f.Note) {
		f.Note = json.RawMessage("null")
	}
	if c.Bool("json") {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(f); err != nil {
			return err
		}
		_, err := c.Out().Write(post.AppendEscaped(nil, b.Bytes()))
		return err
	}
	_, err := c.Out().WriteString(f.table())
	return err
}

// table shows the facts to a person, who may have got the model from a stranger.
func (f *facts) table() string {
	var b strings.Builder
	row := func(name, format string, a ...any) {
		fmt.Fprintf(&b, "%-9s %s\n", name, tool.Printable(fmt.Sprintf(format, a...)))
	}
	row("checksum", "%s", f.Sum)
	row("posts", "%d", f.Posts)
	row("tokens", "%d", f.Tokens)
	row("words", "%d different", f.Words)
	row("known", "%d reposts and posts learned without their end, as hashes by which drafts do not copy them", f.Known)
	if f.Earliest != "" {
		row("dates", "%s to %s", f.Earliest[:10], f.Latest[:10])
	}
	row("made with", "%s", f.Note)
	row("size", "%d bytes", f.Bytes)
	for _, s := range f.Sections {
		row("", "%-9s %d", s.Name, s.Bytes)
	}
	for i, share := range f.Choice {
		name := ""
		if i == 0 {
			name = "choice"
		}
		row(name, "%.0f %% of contexts of %d", share*100, i+1)
	}
	row("marks", "%s", strings.Join(f.Marks, " "))
	return b.String()
}

// choice returns the share of contexts, weighted by how often they occur, that are followed by
// different tokens in two different posts. It looks at some thousand places, always the same ones.
func choice(m *model.Model) []float64 {
	rng := rand.New(rand.NewPCG(1, 1))
	n := min(m.Tokens(), choiceSamples)
	found, of := make([]float64, choiceOrders), make([]float64, choiceOrders)
	for range n {
		iv := m.All()
		place := m.Place(iv.Lo + rng.IntN(iv.Len()))
		id, iv := 0, model.Interval{}
		for k := range choiceOrders {
			if k == 0 {
				id, _ = m.At(place)
				iv = m.Token(id)
			} else if id, place = m.After(place); id == model.Mark {
				break
			} else {
				iv = m.Narrow(iv, k, id)
			}
			of[k]++
			if m.Branches(iv, k+1) {
				found[k]++
			}
		}
	}
	for k := range found {
		found[k] /= max(of[k], 1)
	}
	return found
}

// marksOf returns the words that mark this voice, judged by how unevenly they are spread and how
// frequent they are.
func marksOf(m *model.Model) []string {
	type mark struct {
		id    int
		score float64
	}
	var all []mark
	for id := m.Gaps(); id < m.Words() && m.Count(id) >= markCount; id++ { // by falling count
		if s := m.Spread(id) * math.Log(float64(m.Count(id))); s > 0 {
			all = append(all, mark{id, s})
		}
	}
	slices.SortStableFunc(all, func(a, b mark) int { return cmp.Compare(b.score, a.score) })
	words := []string{}
	for _, w := range all {
		t := m.Text(w.id)
		if k := text.KindOf(t); len(words) < marks && (k == text.Word || k == text.Hashtag || k == text.Emoji) {
			words = append(words, string(t))
		}
	}
	return words
}
