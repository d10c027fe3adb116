package post

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The forms of dates as regular expressions: date, clock, decimals and zone, and those of X v1.1.
var (
	isoDate  = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?) ?([Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$`)
	xDate    = regexp.MustCompile(`^... ([A-Z][a-z][a-z] \d\d) (\d\d:\d\d:\d\d) ?([+-](?:[01]\d|2[0-3]):?[0-5]\d) (\d{4})$`)
	zoneSign = regexp.MustCompile(`:?(\d\d)$`)
)

// plainDate reads a date by these forms and package time.
func plainDate(s string) (t time.Time, ok bool) {
	var err error
	if m := isoDate.FindStringSubmatch(s); m != nil {
		zone := zoneSign.ReplaceAllString(m[3], ":$1")
		if zone == "" || zone == "z" {
			zone = "Z"
		}
		t, err = time.Parse(time.RFC3339, m[1]+"T"+m[2]+zone)
	} else if m := xDate.FindStringSubmatch(s); m != nil && len(s) == len(time.RubyDate) {
		t, err = time.Parse("Jan 02 2006 15:04:05 -07:00", m[1]+" "+m[4]+" "+m[2]+" "+zoneSign.ReplaceAllString(m[3], ":$1"))
	} else {
		return t, false
	}
	year := t.UTC().Year()
	return t, err == nil && year >= 0 && year <= 9999 && !t.IsZero()
}

// checkDate fails unless a date is read as plain code reads it, or refused as there. It reports
// whether it was read.
func checkDate(t rapid.TB, s string) bool {
	t.Helper()
	sec, nanos, ok := parseDate([]byte(s))
	want, wantOK := plainDate(s)
	if ok != wantOK || ok && !time.Unix(sec, int64(nanos)).Equal(want) {
		t.Fatalf("%q: got %d, %d, %v, want %v, %v", s, sec, nanos, ok, want, wantOK)
	}
	return ok
}

// Whatever is done to a date, it is read as plain code reads it, or refused as there.
func TestDatesAgreeWithPlainCode(t *testing.T) {
	of := func(t *rapid.T, s ...string) string { return rapid.SampledFrom(s).Draw(t, "part") }
	number := func(t *rapid.T, most int) int { return rapid.IntRange(0, most).Draw(t, "number") }
	for _, s := range []string{
		"0000-01-01T00:00:00Z", "0000-01-01T00:00:00+00:01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.5Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-00:01",
		"1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2024-04-31T00:00:00Z", "2021-03-21T18:07", "2021-03-21T18:07:3", "2021-03-21T18:07:34+23:00", "2021-03-21T18:07:34 x",
		"", "now", "2021-01-01",
	} {
		checkDate(t, s)
	}
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			year := rapid.OneOf(rapid.SampledFrom([]int{0, 1, 4, 1900, 2000, 2023, 2024, 9999}), rapid.IntRange(0, 9999)).Draw(t, "year")
			clock := fmt.Sprintf("%02d:%02d:%02d", number(t, 24), number(t, 60), number(t, 60))
			var s string
			if rapid.Bool().Draw(t, "X") {
				month := of(t, "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Foo", "jan", "anF")
				zone := of(t, " +0000", " +0000", " -1130", "+01:00", " +2400", " +0060", "      ", " 00000")
				s = fmt.Sprintf("%s %s %02d %s%s %04d", of(t, "Fri", "xxx"), month, number(t, 32), clock, zone, year)
			} else {
				zone := of(t, "", "Z", "z", "+01:00", "-1430", " +0000", " -00:30", " ", "+24:00", "-00:60", "+1", "0100", "x", "ZZ", "+01-00")
				decimals := of(t, "", "", ".5", ".000000001", ".1234567899", ".")
				s = fmt.Sprintf("%04d-%02d-%02d%s%s%s%s", year, number(t, 13), number(t, 32), of(t, "T", "T", "t", " ", "x"), clock, decimals, zone)
			}
			if at := rapid.IntRange(-len(s), len(s)-1).Draw(t, "damaged"); at >= 0 {
				s = s[:at] + of(t, " ", ":", "-", "x", "0", "9", "/", "") + s[at+1:]
			}
			if checkDate(t, s) {
				read++
			}
		}
	})
	if read == 0 {
		t.Error("no date was read")
	}
}
