package text_test

import (
	"fmt"

	"horsepipe/pkg/text"
)

func ExampleSplit() {
	for _, t := range text.Split("L'été&nbsp;! cc @ami 10:30 :-)") {
		fmt.Printf("%q %q\n", t.Gap, t.Text)
	}
	// Output:
	// "" "L'"
	// "" "été"
	// "\u00a0" "!"
	// " " "cc"
	// " " "@ami"
	// " " "10:30"
	// " " ":-)"
}

func ExampleSplitter() {
	var sp text.Splitter
	sp.Reset(text.AppendNormal(nil, []byte("Wait… what?! http://example.com/a.")))
	for gap, atom, ok := sp.Next(); ok; gap, atom, ok = sp.Next() {
		fmt.Printf("%s[%s]", gap, atom)
	}
	fmt.Println()
	// Output: [Wait][…] [what][?!] [http://example.com/a][.]
}

func ExampleLinks() {
	s := "This is the end.So I wrote to http://example.com/help"
	for _, link := range text.Links(s) {
		fmt.Println(s[link.Start:link.End])
	}
	// Output:
	// end.So
	// http://example.com/help
}

func ExampleWeigh() {
	fmt.Println(text.Weigh("Hello"), text.Weigh("日本"), text.Weigh("👨‍👩‍👧‍👦"), text.Weigh("http://example.com/a/long/path"))
	// Output: 5 4 2 23
}

func ExampleBracket() {
	for _, atom := range []string{"(", "„", ")", ":)", "'"} {
		r, closers := text.Bracket([]byte(atom))
		fmt.Printf("%s: %q closed by %q\n", atom, r, closers)
	}
	// Output:
	// (: '(' closed by ")"
	// „: '„' closed by "“”"
	// ): ')' closed by ""
	// :): '\x00' closed by ""
	// ': '\x00' closed by ""
}
