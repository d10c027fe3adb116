package markov

import (
	"regexp"
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
				if !w.doubtful {
					continue
				}
				role, p := g.roleAt(0, places[i], w)
				switch other := with[i]; {
				case other > i:
					opened++
					if role.closers != partnerOf(w.text) || p.span != other-i || p.closer != post[other] {
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
		kind := min(w.text, partnerOf(w.text))
		stack := stacks[kind]
		switch {
		case !w.doubtful:
		case w.text < partnerOf(w.text), w.text == partnerOf(w.text) && apart[i]:
			stacks[kind] = append(stack, i)
		case len(stack) > 0:
			last := stack[len(stack)-1]
			with[i], with[last] = last, i
			stacks[kind] = stack[:len(stack)-1]
		}
	}
	return with
}

// angled is a crowd in which some posts have something in angle brackets, and others an arrow.
func angled() []string {
	var texts []string
	for _, s := range bracketed(2, 300) {
		if s = strings.NewReplacer("( ", "<", " )", ">", "[ ", "<", " ]", ">").Replace(s); !strings.Contains(s, ">") {
			s = strings.NewReplacer("<", "", "e", "->").Replace(s)
		}
		texts = append(texts, s)
	}
	return texts
}

// unpaired reports whether a text has an angle bracket without its partner. Arrows have none.
func unpaired(s string) bool {
	open := 0
	for _, c := range strings.ReplaceAll(s, "->", "") {
		switch c {
		case '<':
			open++
		case '>':
			open--
		}
		if open < 0 {
			break
		}
	}
	return open != 0
}

// Angle brackets are closed and opened as in the posts, and signs that are none stay as they are.
func TestAngleBrackets(t *testing.T) {
	m := learn(t, number(angled()))
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
			brackets += strings.Count(d.Text, "<")
			if unpaired(d.Text) {
				t.Errorf("%q", d.Text)
			}
		}
		if brackets < 30 || arrows < 30 {
			t.Errorf("start %q: %d brackets, %d arrows", start, brackets, arrows)
		}
	}
}

// In a wanted text, the one bracket closes the other.
func TestWantedAngleBrackets(t *testing.T) {
	texts := angled()
	m := learn(t, number(texts))
	pairs := regexp.MustCompile(`<\w+( \w+)?>`).FindAllString(strings.Join(texts, "\n"), 20)
	for _, pair := range pairs {
		for i, name := range []string{"start", "contain", "end"} {
			opt := loose()
			*[]*string{&opt.Start, &opt.Contain, &opt.End}[i] = pair
			d, err := generator(t, m, opt).Draft(0)
			if err != nil {
				t.Errorf("%s %s: %v", name, pair, err)
			} else if unpaired(d.Text) {
				t.Errorf("%s %s: %q", name, pair, d.Text)
			}
		}
	}
	if len(pairs) < 20 {
		t.Errorf("only %d pairs", len(pairs))
	}
}

// Wanted *stress* is not joined to what comes before it, as if its first sign closed something.
func TestWantedStress(t *testing.T) {
	var texts []string
	for _, s := range bracketed(2, 300) {
		texts = append(texts, strings.NewReplacer("( ", "*", " )", "*", "[ ", "*", " ]", "*").Replace(s))
	}
	m := learn(t, number(texts))
	stressed := regexp.MustCompile(`\*\w+( \w+)?\*`).FindAllString(strings.Join(texts, "\n"), 40)
	before := 0
	for i, text := range stressed {
		opt := loose()
		opt.Contain, opt.Seed = text, uint64(i)
		g := generator(t, m, opt)
		put(g, "a") // as a draft before it leaves its tokens
		d, err := g.Draft(0)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if strings.Contains(d.Text, " "+text) {
			before++
		} else if !strings.HasPrefix(d.Text, text) {
			t.Errorf("%s: %q", text, d.Text)
		}
	}
	if before < 10 {
		t.Errorf("only %d drafts have anything before the wanted text", before)
	}
	for _, text := range stressed {
		opt := loose()
		opt.Start = text
		g := generator(t, m, opt)
		if d, err := g.Draft(0); err != nil || g.steps[0].role.closers != "*" {
			t.Errorf("start %s: %v, %v, opens %+v", text, d, err, g.steps[0].role)
		}
	}
}
