package markov

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"horsepipe/pkg/text"
)

// chatter is a small corpus in which a few topics come again.
var chatter = []string{
	"the coffee here is very good today", "a good coffee makes the morning", "my coffee was cold this morning again",
	"the train was late again this morning", "a late train is better than no train", "this train goes to the coast today",
	"the coast is very quiet in the morning", "we walked along the coast again", "is the weather good at the coast today",
	"no weather is bad weather they say", "they say the weather makes the day", "the day was good but very long",
}

func TestSharedAreRarestFirst(t *testing.T) {
	g := generator(t, learn(t, number(chatter)), Defaults())
	list := g.Shared("@bot, is the COFFEE at the coast? https://example.org unheard Coffee")
	var words []string
	for _, s := range list {
		words = append(words, s.Word)
	}
	if got := strings.Join(words, " "); got != "coffee coast is at" { // not "the", of which there are more than ten
		t.Errorf("got %q (%v)", got, list)
	}
}

// What is a part of other words, a face or a number says less of what a post is about than any word.
func TestSharedSayWhatTheQuestionIsAbout(t *testing.T) {
	texts := []string{"食堂へ行く", "食堂で待つ", "この食堂だ", "食後に待つ", "夕食だ", "堂々と行く"}
	for range 3 {
		texts = append(texts, chatter...)
	}
	texts = append(texts, "so it is ;)", "at last ;)", "we know ;)", "plan b it is", "a plan b", "no plan b", "in 2016 again", "of 2016", "since 2016", "an #oak", "my #oak", "no #oak")
	texts = append(texts, "by moss", "of moss", "my moss", "my Elm", "by Elm", "an Elm", "no Elm", "I'm by", "I'm no", "I'm an", "so I'm")
	for _, tt := range []struct{ question, reject, want string }{
		{"食堂?", "-", "食堂"},
		{"大食堂?", "-", "食堂"},
		{"食 堂?", "-", "堂 食"}, // two words
		{"食堂?", "食堂", "堂 食"},
		{"食後?", "-", "食 後"}, // once is too little for both
		{"b 2016 ;) coffee", "-", "coffee b 2016 ;)"},
		{"#coffee #食堂 #unheard", "-", "食堂 coffee"},
		{"#oak", "-", "#oak"},
		{"moss Elm", "-", "Elm moss"},
		{"7 Elm moss", "-", "Elm moss"},
		{"moss. Elm", "-", "moss Elm"}, // any word may begin a sentence so
		{"moss\nElm", "-", "moss Elm"},
		{"Elm moss", "-", "moss Elm"},
		{"Elm moss Elm", "-", "Elm moss"},
		{"moss I'm", "-", "moss I'm"},
	} {
		opt := Defaults()
		opt.Reject = text.NewWordList([]string{tt.reject})
		var words []string
		for _, s := range generator(t, learn(t, number(texts)), opt).Shared(tt.question) {
			words = append(words, s.Word)
		}
		if got := strings.Join(words, " "); got != tt.want {
			t.Errorf("%q, without %q: got %q, want %q", tt.question, tt.reject, got, tt.want)
		}
	}
}

// What a post must not call or link by itself is never what it is about, even where it is let through.
func TestNamesAreNotShared(t *testing.T) {
	opt := Defaults()
	opt.Mentions, opt.Links, opt.Cashtags = true, true, true
	g := generator(t, learn(t, number([]string{"@bob $ABC https://t.co/x tea !"})), opt)
	if list := g.Shared("@bob $ABC https://t.co/x tea !"); len(list) != 1 || list[0].Word != "tea" {
		t.Errorf("got %v", list)
	}
}

// What must not be said is not what a post is about.
func TestListedWordsAreNotShared(t *testing.T) {
	opt := Defaults()
	opt.Reject = text.NewWordList([]string{"coffee"})
	g := generator(t, learn(t, number(chatter)), opt)
	if list := g.Shared("coffee at the coast"); len(list) != 2 || list[0].Word != "coast" || list[1].Word != "at" {
		t.Errorf("got %v", list)
	}
}

// Of the shared words no more than three are tried: here words too long for a draft.
func TestAnswerTriesFewWords(t *testing.T) {
	for long := range 5 {
		question, texts := "tea", slices.Clone(chatter)
		for i := range long {
			word := strings.Repeat(string(rune('k'+i)), 50)
			question += " " + word
			texts = append(texts, word+" at last", "so "+word, "one "+word+" more")
		}
		for _, s := range []string{"here", "there", "at home", "again"} {
			texts = append(texts, "tea "+s, "good tea")
		}
		opt := Defaults()
		opt.Limit = 40
		want := "tea"
		if long >= asked {
			want = ""
		}
		d, word, err := generator(t, learn(t, number(texts)), opt).Answer(0, question)
		if err != nil || word != want {
			t.Errorf("with %d long words: %v by %q, %v", long, d, word, err)
		}
	}
}

func TestAnswerHoldsASharedWord(t *testing.T) {
	g := generator(t, learn(t, number(chatter)), Defaults())
	between := 0
	for n := range uint64(20) {
		d, word, err := g.Answer(n, "what about the train?")
		if err != nil {
			t.Fatal(err)
		}
		if word != "train" || !strings.Contains(d.Text, "train") {
			t.Errorf("answered %q by %q", d.Text, word)
		}
		if strings.Contains(d.Text, " train ") {
			between++
		}
	}
	if between < 10 {
		t.Errorf("only %d of 20 answers go on to both sides of the word", between)
	}
	d, word, err := g.Answer(0, "@bot ???")
	if err != nil || word != "" || d.Text == "" {
		t.Errorf("without a shared word: %v, %q, %v", d, word, err)
	}
	if plain, err := g.Draft(0); err != nil || plain.Text != d.Text {
		t.Errorf("a question without words changes the draft: %q, %q (%v)", d.Text, plain.Text, err)
	}
}

// Posts with a rare word are more surprising than others, so an answer by it takes the aim of one of these.
func TestAnswersAreAsSurprisingAsPostsWithTheWord(t *testing.T) {
	texts := crowd(34, 400)
	for i := range 8 {
		texts[i] = fmt.Sprintf("a strange%d b zebra a odd%d b", i, i)
	}
	g := generator(t, learn(t, number(texts)), Defaults())
	for n := range uint64(50) {
		d, word, err := g.Answer(n, "a zebra?")
		if err != nil || word != "zebra" || d.Aim < 3.5 {
			t.Errorf("%+v by %q, %v", d, word, err)
		}
	}
}

// An answer after the replay of a draft of release 1.0, to which ⟨ was no bracket, leaves later drafts
// with a wanted text as they are.
func TestAnswerAfterReplay(t *testing.T) {
	var texts []string
	for i, s := range bracketed(1, 300) {
		if i%40 == 0 {
			s += " zebra a"
		}
		texts = append(texts, strings.NewReplacer("(", "⟨", ")", "⟩").Replace(s))
	}
	opt := loose()
	opt.Contain = "⟨"
	m := learn(t, number(texts))
	want, err := generator(t, m, opt).Draft(1)
	if err != nil {
		t.Fatal(err)
	}
	g := generator(t, m, opt)
	if _, err := g.Replay(1, 1, 0); err != nil && err != ErrNothing {
		t.Fatal(err)
	}
	if _, word, err := g.Answer(1, "a zebra?"); err != nil || word != "zebra" {
		t.Fatalf("answered by %q (%v)", word, err)
	}
	if got, err := g.Draft(1); err != nil || got.Text != want.Text {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// A question of any length costs no more than the longest post.
func TestEnormousQuestion(t *testing.T) {
	g := generator(t, learn(t, number(chatter)), Defaults())
	question := "coffee " + strings.Repeat("é? ", read) + "train"
	if list := g.Shared(question); len(list) != 1 || list[0].Word != "coffee" {
		t.Errorf("got %v, want coffee alone", list)
	}
}
