package markov

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"horsepipe/pkg/model"
)

// A sign is in a post what reading the post from its beginning makes of it.
func TestRolesAreThoseOfThePosts(t *testing.T) {
	words := strings.Fields("aa bb cc < > < > ' ' ' * ＜ ＞")
	opened, closed, alone := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := dice(t)
		posts := make([]said, 10)
		for i := range posts {
			var b strings.Builder
			for range one(r, []int{2, 8, 20}) {
				b.WriteString(one(r, words))
				b.WriteString(one(r, []string{"", " "}))
			}
			posts[i] = said{text: b.String() + "aa"}
		}
		m := learn(t, posts)
		g := generator(t, m, loose())
		for e := range m.Posts() {
			var post []*word
			var places []int
			var apart []bool
			for id, place := m.After(m.Place(e)); id != model.Mark; id, place = m.After(place) {
				post, places = append(post, g.trail.word(0, id)), append(places, place)
				apart = append(apart, len(post) == 1 || len(m.Gap(id, place)) > 0)
			}
			with := partners(post, apart)
			for i, w := range post {
				if w.partner == "" {
					continue
				}
				role, p := g.roleAt(0, places[i], w)
				switch other := with[i]; {
				case other > i:
					opened++
					if role.closers != w.partner || p.span != other-i || p.closer != post[other] {
						t.Errorf("token %d, closed by %d: %+v, %+v", i, other, role, p)
					}
				case other >= 0:
					closed++
					if role.rune == 0 || role.closers != "" || role.lone || p.closer != nil {
						t.Errorf("token %d, which closes %d: %+v, %+v", i, other, role, p)
					}
				default:
					alone++
					if role.rune != 0 && !role.lone || role.closers != "" || p.closer != nil {
						t.Errorf("token %d, without a partner: %+v, %+v", i, role, p)
					}
				}
			}
		}
	})
	if min(opened, closed, alone) < 100 {
		t.Errorf("only %d signs that open, %d that close, %d without a partner", opened, closed, alone)
	}
}

// partners is the place of the partner of each sign in a post, or -1: told by a stack for each kind.
func partners(post []*word, apart []bool) []int {
	with := make([]int, len(post))
	stacks := map[string][]int{}
	for i, w := range post {
		with[i] = -1
		kind := min(w.text, w.partner)
		stack := stacks[kind]
		switch {
		case w.partner == "":
		case w.text < w.partner, w.text == w.partner && apart[i]:
			stacks[kind] = append(stack, i)
		case len(stack) > 0:
			last := stack[len(stack)-1]
			with[i], with[last] = last, i
			stacks[kind] = stack[:len(stack)-1]
		}
	}
	return with
}

// Angle brackets are closed and opened as in the posts, and signs that are none stay as they are.
func TestAngleBrackets(t *testing.T) {
	var texts []string
	for _, s := range bracketed(2, 300) {
		if s = strings.NewReplacer("( ", "<", " )", ">", "[ ", "<", " ]", ">").Replace(s); !strings.Contains(s, ">") {
			s = strings.NewReplacer("<", "", "e", "->").Replace(s)
		}
		texts = append(texts, s)
	}
	m := learn(t, number(texts))
	for _, start := range []string{"", "<"} {
		opt := loose()
		opt.Start = start
		g := generator(t, m, opt)
		brackets, arrows := 0, 0
		for n := range uint64(300) {
			d, err := g.Draft(n)
			if err != nil {
				t.Fatal(err)
			}
			arrows += strings.Count(d.Text, "->")
			open := 0
			for _, c := range strings.ReplaceAll(d.Text, "->", "") {
				switch c {
				case '<':
					open++
					brackets++
				case '>':
					open--
				}
				if open < 0 {
					break
				}
			}
			if open != 0 {
				t.Errorf("%q", d.Text)
			}
		}
		if brackets < 30 || arrows < 30 {
			t.Errorf("start %q: %d brackets, %d arrows", start, brackets, arrows)
		}
	}
}
