package text

import (
	"slices"
	"strings"
	"testing"
)

// Each case is a text whose atoms are the fields of want; the text itself is want with the marked gaps ("¦" is an empty
// one) closed.
func TestAtoms(t *testing.T) {
	tests := []struct{ name, want string }{
		{"plain", "Hello¦, world¦! It's fine¦, isn't it¦?"},
		{"elision", "c'¦était l'¦été j'¦étais qu'¦il d'¦un L'¦Oréal Jusqu'¦à n'¦a m'¦a s'¦en t'¦es ç'¦a"},
		{"typographic elision", "l’¦été qu’¦elle aujourd’hui presqu’île"},
		{"elision before other things", "d'¦@ami l'¦#été l'¦« oui » d'¦1 l'¦“¦x¦” l¦' x"},
		{"Italian and Catalan", "dell'¦arte un'¦altra nell'¦acqua all'¦alba sull'¦orlo c'¦è dov'¦è l'¦home"},
		{"more elisions", "lorsqu'¦il puisqu'¦on quoiqu'¦en dall'¦alto coll'¦aria quell'¦uomo quest'¦anno bell'¦idea sant'¦Anna gl'¦inni anch'¦io com'¦era cos'¦è mezz'¦ora tutt'¦altro senz'¦altro quand'¦anche v'¦è"},
		{"one word", "aujourd'hui quelqu'un don't it's O'Neill rock'n'roll y'all"},
		{"quoted word", "'¦quoted¦' ’¦tain"},
		{"numbers", "10:30 1,000.5 50% 20€ 24/7 3.14 $5 £2.50 10h30 1er 2nd 10:30am 12 %"},
		{"number and mark", "10¦, 20¦. 30¦: 40¦; a¦/¦b 1¦-¦2 5¦… 5¦» 5¦’ 6¦' 2¦^"},
		{"number and unit", "20°¦C 5‰ 7¢ ¥5 ¥5¦\u202f¦x ¥5¦ก ₹5 ₩5 ￥5 $5é é5¦% a5¦% _5¦% a¦% 1¦年 $"},
		{"abbreviation", "U.S. e.g. i.e. a.m. U.S.A. et¦. etc¦. (¦U.S.¦) (¦a¦.¦) (¦ab¦.¦) (¦1.2¦.¦)"},
		{"list", "1) one"},
		{"list, lines", "a) one\nb) two\n(¦c¦) (¦2¦) x 3) (¦in 1984¦) x b¦)\nab¦) 1a¦) 1¦)¦x\n2)"},
		{"runs", "wait¦... what¦?! no¦!!! a¦--¦b ***¦x¦*** … …… —— sic ~~ ..¦/ x¦.¦! x¦!¦. x¦！？！"},
		{"brackets", "(¦(¦a¦)¦) [¦MàJ¦] \"¦\"¦x¦\"¦\" «¦ a ¦» 「¦「¦x¦」¦」"},
		{"French", "«¦\u00a0¦oui¦\u00a0¦»¦\u202f¦! Ça va¦\u202f¦?"},
		{"mentions", "@name @a_b1¦, .¦@x RT @y¦: @été @user@host.example (¦@z¦) RT¦@q @me.bsky.social¦. @end¦.¦So @x¦. @x¦-¦y @naïve é¦@b"},
		{"no mention", "@ @@¦a a¦@ a¦@¦b 1¦@¦b at¦@¦b ART¦@¦b"},
		{"address", "mail first.last@example.com¦, please x@b-c.d x@b.c¦..¦d x@b.c¦,¦d x¦@¦-¦b.c"},
		{"hashtags", "#tag #Été2023 #日本語 #¦1 #a_b¦. #¦_ a¦#¦b &¦#¦a #¦a¦#¦b #¦a¦＃¦b #1\u0301"},
		{"cashtags", "$CASH $a.b¦, $SIXLET $¦SEVENTH $a¦.¦bcd $¦.¦ab $¦CASHé $CASH\u3000x $ 5$ \u200e¦$CASH \u180e¦$CASH \u200b¦$¦CASH"},
		{"links", "http://t.co/x¦. https://example.com/a_(b)?c=d#e¦! HTTP://A.com http:// (¦http://a.com/b¦)"},
		{"other links", "ftp://a.b/c http://localhost:80/x¦, http://localhost/(x¦) http://localhost/?q¦» see text¦http://a.com/b x¦https://a.com http://t.co/abc¦…"},
		{"bare links", "example.com/path?q=1¦, t.co/x example.com¦. end.So and¦/¦or example.com:8080/x my-site.co.uk/a shop24.de example.com?q=1 v2¦.¦x well¦-¦known¦."},
		{"link in CJK", "こ¦れ¦http://a.com/b¦で¦す"},
		{"emoticons", ":) :-) ;) :D :'( <3 ^^ xD :P :/ =) >:( (: :3 ^_^ -_- T_T o_O ¯\\_(ツ)_/¯ \\o/ 8) (^_^;) (´・ω・`) :))) :-* </3 x) x-( x'( 8-) 8^) o/ \\o $_$ @.@"},
		{"no emoticons", "http¦:¦/ a:b 10:30 (¦x¦:¦) foo¦:¦) :¦Paul x:D :¦30 (¦a¦) (¦...¦) ^^^ 8¦(¦x¦) >¦: <¦: T¦^¦T o¦/¦b and¦/ x¦/ :"},
		{"emoji", "👍¦👍 👨‍👩‍👧‍👦¦🇫🇷¦🇩🇪 👍🏽 1️⃣ ❤️¦! 🏴¦👍¦👍¦👍¦👍¦👍¦👍"},
		{"Japanese", "日¦本¦語¦で¦コーヒー¦を¦。。。"},
		{"Korean", "오늘은 날씨가 좋다¦."},
		{"Thai", "ไ¦ท¦ย¦กำ"},
		{"Arabic", "كان الجو باردا¦، ثم¦؟"},
		{"Hebrew", "צה\"ל ג'ורג'"},
		{"Hindi", "नमस्ते दुनिया"},
		{"markup", "^ $ _ <¦/¦S¦> ___BEGIN__ *"},
		{"upper case", "ALERTE SMTP"},
	}
	var all strings.Builder
	var wants []string
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := strings.Fields(strings.NewReplacer("¦", " ", "\u00a0", "", "\u202f", "").Replace(test.want))
			text := strings.ReplaceAll(test.want, "¦", "")
			if got := atomsOf(text); !slices.Equal(got, want) {
				t.Errorf("Split(%q)\ngot  %q\nwant %q", text, got, want)
			}
			checkLossless(t, text)
			all.WriteString(text + "\n")
			wants = append(wants, want...)
		})
	}
	if got := atomsOf(all.String()); !slices.Equal(got, wants) {
		t.Errorf("on the lines of one text, longer than an atom\ngot  %q\nwant %q", got, wants)
	}
}

// atomsOf returns the atoms of s.
func atomsOf(s string) (atoms []string) {
	for _, tok := range Split(s) {
		atoms = append(atoms, tok.Text)
	}
	return atoms
}
