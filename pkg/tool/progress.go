package tool

import (
	"fmt"
	"time"
)

// redraw is how often a progress line is drawn anew.
const redraw = 200 * time.Millisecond

// Progress is a line on standard error that says how far a long run has come. A nil Progress is one
// that nobody looks at: all its methods do nothing.
type Progress struct {
	c              *Call
	what           string
	total          int64 // bytes, 0 if unknown
	now            func() time.Time
	start, drawn   time.Time
	records, bytes int64
	shown          bool
}

// Progress begins such a line for records of the given name and an input of total bytes, 0 if unknown. It is nil
// unless standard error is a terminal, and under --quiet.
func (c *Call) Progress(what string, total int64, now func() time.Time) *Progress {
	if c.Quiet || !Terminal(c.Stderr) {
		return nil
	}
	return c.newProgress(what, total, now)
}

func (c *Call) newProgress(what string, total int64, now func() time.Time) *Progress {
	t := now()
	c.progress = &Progress{c: c, what: what, total: total, now: now, start: t, drawn: t}
	return c.progress
}

// Add counts more records and bytes.
func (p *Progress) Add(records int, bytes int64) {
	if p == nil {
		return
	}
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	p.records, p.bytes = p.records+int64(records), p.bytes+bytes
	if now := p.now(); now.Sub(p.drawn) >= redraw {
		p.clear()
		fmt.Fprint(p.c.Stderr, p.line(now))
		p.drawn, p.shown = now, true
	}
}

// Done takes the line away.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	p.clear()
	p.c.progress = nil
}

// clear empties the line; the caller holds the lock.
func (p *Progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.c.Stderr, "\r\x1b[K")
		p.shown = false
	}
}

// line is "12000 posts, 3.4 MB, 41.2 MB/s, 3s left".
func (p *Progress) line(now time.Time) string {
	const mega = 1e6
	rate := float64(p.bytes) / now.Sub(p.start).Seconds()
	s := fmt.Sprintf("%d %s, %.1f MB, %.1f MB/s", p.records, p.what, float64(p.bytes)/mega, rate/mega)
	if left := p.total - p.bytes; left > 0 && rate > 0 {
		s += fmt.Sprintf(", %v left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	return s
}
