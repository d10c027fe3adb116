package tool

import (
	"fmt"
	"time"
)

// redraw is the shortest time between two drawings of a progress line.
const redraw = 200 * time.Millisecond

// Progress is a line on standard error that shows how far a long run has come. All methods of a nil
// Progress do nothing.
type Progress struct {
	c              *Call
	what           string
	total          int64 // bytes, 0 if unknown
	now            func() time.Time
	start, drawn   time.Time
	records, bytes int64
	shown          bool
}

// Progress begins a progress line. What names the records; total is the size of the input in bytes, or
// 0 if unknown. It returns nil under --quiet, and unless standard error is a terminal.
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

// Add counts more records and bytes. Several goroutines may call it.
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

// Done removes the line.
func (p *Progress) Done() {
	if p == nil {
		return
	}
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	p.clear()
	p.c.progress = nil
}

// clear erases the line. The caller holds the lock.
func (p *Progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.c.Stderr, "\r\x1b[K")
		p.shown = false
	}
}

// line returns a line such as "12000 posts, 3.4 MB, 41.2 MB/s, 3s left".
func (p *Progress) line(now time.Time) string {
	const mega = 1e6
	rate := float64(p.bytes) / now.Sub(p.start).Seconds()
	s := fmt.Sprintf("%d %s, %.1f MB, %.1f MB/s", p.records, p.what, float64(p.bytes)/mega, rate/mega)
	if left := p.total - p.bytes; left > 0 && rate > 0 {
		s += fmt.Sprintf(", %v left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	return s
}
