package post

import "bytes"

// slot is the meaning of a field, whatever the network calls it.
type slot uint8

const (
	unknown slot = iota
	slotID
	slotText
	slotDate
	slotAuthor
	slotLang
	slotURL
	slotReplyTo
	slotRepostOf
	slotQuoteOf
	slotNetwork
	slotRaw
	slotRepost // a flag, without the post that is reposted
	slotRetweet
	slotUser // the author under another name, as a string or as an object
	slotHandle
	slotAuthorID
	slotIDStr
	slotFullText // preferred to text, which may be truncated
	slotExtended // an object that holds the full text
	slotReplyStr // X gives ids as strings and as numbers
	slotReplyNum
	slotQuoteStr
	slotQuoteNum
	slotLanguage
	slotAccount
	slotOriginal // the reposted post, whole
	slotRefs     // a list of {type, id}
	slotType     // of a reference, or of an activity
	slotEntities
	slotMoreEntities
	slotURLs
	slotMedia
	slotExpanded
	slotDisplay
	slotMediaKey
	slotTruncated // this and the next one describe the text that was replaced
	slotRange
	slotHTML
	slotData
	slotIncludes
	slotUsers
	slotPosts
	slotVisibility
	slotObject
	slotActor
	slotPublished
	slotInReplyTo
	slotQuote
	slotTo
	slotCc
	slotContentMap
	slotItems
	slots
)

// shape is a family of records of which the name of a field can be a mark.
type shape uint8

const (
	native shape = 1 << iota
	xShape
	pageShape
)

type meant struct {
	slot slot
	mark shape
}

// names is the only table of field names, for all shapes and at every depth. A record is native if
// a name marked native has a string that is not empty, whatever else the record contains.
var names = map[string]meant{
	// The record itself (see [Post]).
	"id":         {slotID, 0},
	"text":       {slotText, 0},
	"created_at": {slotDate, 0},
	"author":     {slotAuthor, native},
	"lang":       {slotLang, 0},
	"url":        {slotURL, 0},
	"reply_to":   {slotReplyTo, native},
	"repost_of":  {slotRepostOf, native},
	"quote_of":   {slotQuoteOf, native},
	"network":    {slotNetwork, native},
	"raw":        {slotRaw, 0},
	"repost":     {slotRepost, 0},
	"retweet":    {slotRetweet, 0},
	"user":       {slotUser, 0},

	// X v1.1, and the account's downloaded export.
	"id_str":                    {slotIDStr, xShape},
	"full_text":                 {slotFullText, xShape},
	"extended_tweet":            {slotExtended, xShape},
	"in_reply_to_status_id":     {slotReplyNum, xShape},
	"in_reply_to_status_id_str": {slotReplyStr, xShape},
	"quoted_status_id":          {slotQuoteNum, xShape},
	"quoted_status_id_str":      {slotQuoteStr, xShape},
	"retweeted_status":          {slotOriginal, xShape},
	"entities":                  {slotEntities, xShape},
	"extended_entities":         {slotMoreEntities, xShape},
	"truncated":                 {slotTruncated, xShape},
	"display_text_range":        {slotRange, xShape},
	"screen_name":               {slotHandle, 0},
	"urls":                      {slotURLs, 0},
	"media":                     {slotMedia, 0},
	"expanded_url":              {slotExpanded, 0},
	"display_url":               {slotDisplay, 0},

	// X v2, in both its spellings.
	"author_id":              {slotAuthorID, xShape},
	"note_tweet":             {slotExtended, xShape},
	"note_post":              {slotExtended, xShape},
	"referenced_tweets":      {slotRefs, xShape},
	"referenced_posts":       {slotRefs, xShape},
	"edit_history_tweet_ids": {unknown, xShape},
	"edit_history_post_ids":  {unknown, xShape},
	"username":               {slotHandle, 0},
	"type":                   {slotType, 0},
	"media_key":              {slotMediaKey, 0},

	// A page of X v2, as twarc2 writes it.
	"data":     {slotData, 0},
	"includes": {slotIncludes, 0},
	"users":    {slotUsers, 0},
	"tweets":   {slotPosts, 0},
	"posts":    {slotPosts, 0},
	"__twarc":  {unknown, pageShape},
	"meta":     {unknown, pageShape},

	// Mastodon and its relatives.
	"content":        {slotHTML, 0},
	"account":        {slotAccount, 0},
	"acct":           {slotHandle, 0},
	"language":       {slotLanguage, 0},
	"in_reply_to_id": {slotReplyStr, 0},
	"reblog":         {slotOriginal, 0},
	"visibility":     {slotVisibility, 0},

	// Activities, as the servers of the Fediverse exchange them.
	"object":       {slotObject, 0},
	"actor":        {slotActor, 0},
	"attributedTo": {slotActor, 0},
	"published":    {slotPublished, 0},
	"inReplyTo":    {slotInReplyTo, 0},
	"quote":        {slotQuote, 0},
	"to":           {slotTo, 0},
	"cc":           {slotCc, 0},
	"contentMap":   {slotContentMap, 0},
	"orderedItems": {slotItems, 0},
}

// nameTable is names as a hash table with linear probing. With look-ups in the map, parsing native
// records takes a sixth longer (BenchmarkParse).
var nameTable = func() (t [256]struct {
	name string
	meant
}) {
	for name, m := range names {
		i := hashName([]byte(name))
		for t[i].name != "" {
			i++ // modulo 256
		}
		t[i].name, t[i].meant = name, m
	}
	return t
}()

func hashName(name []byte) uint8 {
	if len(name) == 0 {
		return 0
	}
	return uint8(len(name)) + 57*name[0] + 23*name[len(name)-1]
}

// meaningOf returns the meaning of a field's name; none if it is not in names.
func meaningOf(name []byte) meant {
	for i := hashName(name); nameTable[i].name != ""; i++ {
		if nameTable[i].name == string(name) {
			return nameTable[i].meant
		}
	}
	return meant{}
}

// field is a member of an object. used means that a field of the Post holds its value.
type field struct {
	key, val span
	used     bool
}

// object lists the fields of one JSON object.
type object struct {
	fields []field
	at     [slots]int32 // by slot: one more than the index of its field, the last one if there are several
	marks  shape
	key    []byte // scratch for a name with escapes
}

func (o *object) reset() {
	o.fields, o.at, o.marks = o.fields[:0], [slots]int32{}, 0
}

func (o *object) add(b []byte, key, val span) {
	name := b[key.from+1 : key.to-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		o.key = unescape(o.key[:0], name)
		name = o.key
	}
	m := meaningOf(name)
	o.fields = append(o.fields, field{key: key, val: val})
	if m.mark == native && (b[val.from] != '"' || val.to-val.from == len(`""`)) {
		m.mark = 0
	}
	o.marks |= m.mark
	if m.slot != unknown && m.slot.says(b[val.from:val.to]) {
		o.at[m.slot] = int32(len(o.fields))
	}
}

// says tells whether a value means anything in a slot. null does not, nor does an empty string,
// except as a text, nor "repost": false.
func (s slot) says(val []byte) bool {
	switch s {
	case slotText, slotFullText, slotHTML:
		return val[0] != 'n'
	case slotRepost, slotRetweet:
		return val[0] == 't'
	}
	return val[0] != 'n' && string(val) != `""`
}

// get returns the value of a slot's field, if there is one.
func (o *object) get(s slot) (span, bool) {
	if i := o.at[s]; i > 0 {
		return o.fields[i-1].val, true
	}
	return span{}, false
}

func (o *object) use(s slot) {
	if i := o.at[s]; i > 0 {
		o.fields[i-1].used = true
	}
}
