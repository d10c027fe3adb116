package post

import "time"

// parseDate reads the forms of dates that occur in archives, and returns Unix seconds and the
// nanoseconds beyond. A date without a zone is in UTC.
//
//	2021-03-21T18:07:34.000Z        RFC 3339: our own, X v2, Mastodon
//	2021-03-21 18:07:34             spreadsheets
//	2017-10-11 22:18:59 +0000       X's old export
//	Fri Nov 16 03:26:13 +0000 2012  X v1.1
func parseDate(b []byte) (sec int64, nanos int32, ok bool) {
	if len(b) == 30 && b[3] == ' ' {
		return rubyDate(b)
	}
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || (b[10] != 'T' && b[10] != 't' && b[10] != ' ') {
		return 0, 0, false
	}
	y, ok1 := number(b[0:4])
	m, ok2 := number(b[5:7])
	d, ok3 := number(b[8:10])
	clock, ok4 := clock(b[11:19])
	nanos, rest, ok5 := fraction(b[19:])
	zone, ok6 := offset(rest)
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || !validDay(y, m, d) {
		return 0, 0, false
	}
	return writable(days(y, m, d)*86400+clock-zone, nanos)
}

// rubyDate reads "Fri Nov 16 03:26:13 +0000 2012". It ignores the day of the week.
func rubyDate(b []byte) (int64, int32, bool) {
	const months = "JanFebMarAprMayJunJulAugSepOctNovDec"
	m := 0
	for k := 0; k < len(months); k += 3 {
		if string(b[4:7]) == months[k:k+3] {
			m = k/3 + 1
		}
	}
	d, ok1 := number(b[8:10])
	clock, ok2 := clock(b[11:19])
	zone, ok3 := offset(b[19:25])
	y, ok4 := number(b[26:30])
	if !(ok1 && ok2 && ok3 && ok4) || b[7] != ' ' || b[10] != ' ' || b[25] != ' ' || !validDay(y, m, d) {
		return 0, 0, false
	}
	return writable(days(y, m, d)*86400+clock-zone, 0)
}

// writable refuses dates that a zone moved out of the years that RFC 3339 can write, and the zero
// time of package time.
func writable(sec int64, nanos int32) (int64, int32, bool) {
	const from, zero, to = -62167219200, -62135596800, 253402300799
	return sec, nanos, sec >= from && sec <= to && (sec != zero || nanos != 0)
}

// number reads digits and nothing else.
func number(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c-'0' > 9 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(b) > 0
}

// clock reads hh:mm:ss as seconds.
func clock(b []byte) (int64, bool) {
	h, ok1 := number(b[0:2])
	m, ok2 := number(b[3:5])
	s, ok3 := number(b[6:8])
	ok := ok1 && ok2 && ok3 && b[2] == ':' && b[5] == ':' && h < 24 && m < 60 && s < 60
	return int64(h*3600 + m*60 + s), ok
}

// fraction reads the decimals of a second, if there are any, and returns what follows them.
func fraction(b []byte) (nanos int32, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '.' {
		return 0, b, true
	}
	i, unit := 1, int32(100_000_000)
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		nanos += int32(b[i]-'0') * unit
		unit /= 10
	}
	return nanos, b[i:], i > 1
}

// offset reads a zone and returns how many seconds it is ahead of UTC.
func offset(b []byte) (int64, bool) {
	if len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	if len(b) == 0 || (len(b) == 1 && b[0]|0x20 == 'z') {
		return 0, true
	}
	if len(b) == 6 && b[3] == ':' {
		b = []byte{b[0], b[1], b[2], b[4], b[5]}
	}
	if len(b) != 5 || (b[0] != '+' && b[0] != '-') {
		return 0, false
	}
	h, ok1 := number(b[1:3])
	m, ok2 := number(b[3:5])
	sec := int64(h*3600 + m*60)
	if b[0] == '-' {
		sec = -sec
	}
	return sec, ok1 && ok2 && h < 24 && m < 60
}

func validDay(y, m, d int) bool {
	if m < 1 || m > 12 || d < 1 {
		return false
	}
	return d <= 28 || d <= time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// days returns the days since 1970-01-01 in the Gregorian calendar, for years from 0 on (after
// Hinnant, chrono-compatible low-level date algorithms).
func days(y, m, d int) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	y += 400 // so that dates before March of the year 0 work as well
	century, ofCentury := y/400, y%400
	ofYear := (153*(m-3)+2)/5 + d - 1
	ofEra := ofCentury*365 + ofCentury/4 - ofCentury/100 + ofYear
	return int64(century-1)*146097 + int64(ofEra) - 719468
}
