package main

import (
	"fmt"
	"testing"
)

// Repeats are left out until they are as many as the drafts; a run never stops.
func TestVariety(t *testing.T) {
	v := newVariety()
	if !v.allows("a") || v.allows("a") || !v.allows("b c") || v.allows("a") || v.allows("b\n c") {
		t.Error("a repeat is let through, or something else is not")
	}
	for i := 0; v.written < 1000; i++ {
		v.allows(fmt.Sprint(i % 300))
	}
	if different := v.written - v.repeats; different != 302 || v.left != v.written-1+spared {
		t.Errorf("%d different of %d, %d left out", different, v.written, v.left)
	}
}

// A long run forgets: its memory does not grow.
func TestVarietyForgets(t *testing.T) {
	v := newVariety()
	for i := range remembered + 1 {
		v.allows(fmt.Sprint(i))
	}
	if len(v.said) != 1 || v.left+v.repeats != 0 {
		t.Errorf("%d remembered, %d left out, %d repeats", len(v.said), v.left, v.repeats)
	}
	if !v.allows("0") {
		t.Error("what was forgotten is left out")
	}
}
