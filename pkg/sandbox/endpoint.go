package sandbox

import "strings"

// Scopes of OAuth 2.0, as the endpoints ask for them.
var (
	toRead   = []string{"tweet.read", "users.read"}
	toWrite  = []string{"tweet.read", "tweet.write", "users.read"}
	toUpload = []string{"media.write"}
)

// endpoints is the whole of the API, but for the sandbox's own /sandbox/.
func (s *Server) endpoints() []*endpoint {
	out := []*endpoint{
		{name: "GET /2/users/by/username/{username}", auth: byAny, scopes: toRead, serve: (*call).userByName,
			params: func(d *dialect) []param { return append([]param{byUserName}, userParams(d)...) }},
		{name: "GET /2/users/me", auth: byUser, scopes: toRead, serve: (*call).me, params: userParams},
		{name: "GET /2/users/{id}/tweets", auth: byAny, scopes: toRead, serve: (*call).timeline,
			params: func(d *dialect) []param {
				return append(pageParams(d), list("exclude", []string{"replies", "retweets"}))
			}},
		{name: "GET /2/users/{id}/mentions", auth: byAny, scopes: toRead, serve: (*call).mentions, params: pageParams},
		{name: "GET /2/tweets", auth: byAny, scopes: toRead, serve: (*call).lookup,
			params: func(d *dialect) []param { return append([]param{identifiers("ids", 100)}, postParams(d)...) }},
		{name: "POST /2/tweets", auth: byUser, scopes: toWrite, serve: (*call).create, params: noParams},
		{name: "DELETE /2/tweets/{id}", auth: byUser, scopes: toWrite, serve: (*call).delete, params: oneID},
		{name: "POST /2/media/upload", auth: byUser, scopes: toUpload, serve: (*call).upload, params: noParams},
		{name: "POST /2/media/upload/initialize", auth: byUser, scopes: toUpload, serve: (*call).initialize, params: noParams},
		{name: "POST /2/media/upload/{id}/append", auth: byUser, scopes: toUpload, serve: (*call).appendPart, params: oneID},
		{name: "POST /2/media/upload/{id}/finalize", auth: byUser, scopes: toUpload, serve: (*call).finalize, params: oneID},
		{name: "POST /2/media/metadata", auth: byUser, scopes: toUpload, serve: (*call).describe, params: noParams},
	}
	return out
}

func noParams(*dialect) []param { return []param{} }

func oneID(*dialect) []param { return []param{inPath(identifier("id"))} }

// media tells whether files come to this endpoint.
func (e *endpoint) media() bool { return strings.Contains(e.name, "/media/") }
