package markov

import "slices"

// A Run is a part of a draft that stands in the corpus as it is, except for white space: one of the
// pieces that the draft is made of.
type Run struct {
	Text  string   `json:"text"`
	Posts []string `json:"posts"` // ids of up to three posts that it stands in
	Count int      `json:"count"` // how often it stands in the corpora
}

const (
	tracedPosts   = 3  // posts that a run names
	tracedEntries = 64 // places in each model that are searched for ids, since the posts of many corpora have none
)

// trace cuts the draft that was made last into as few runs as the corpora allow, from its end to its
// beginning.
func (g *Generator) trace() []Run {
	var runs []Run
	for end := len(g.steps); end > 0; {
		level := g.trail.levels[end]
		n := min(len(level), end)
		run := Run{Count: level[n-1].Len(), Posts: g.postsOf(level[n-1])}
		run.Text = joined(g.steps[end-n : end])
		runs = append(runs, run)
		end -= n
	}
	slices.Reverse(runs)
	return runs
}

// postsOf returns the ids of the first posts that a context stands in.
func (g *Generator) postsOf(s span) []string {
	ids := []string{}
	for i, iv := range s {
		m := g.trail.models[i]
		for e := iv.Lo; e < min(iv.Hi, iv.Lo+tracedEntries) && len(ids) < tracedPosts; e++ {
			if id := m.Post(m.PostAt(m.Place(e))).ID; id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
