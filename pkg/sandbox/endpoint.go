package sandbox

import (
	"slices"
	"strings"
)

// Scopes of OAuth 2.0, as the endpoints ask for them.
var (
	toRead   = []string{"tweet.read", "users.read"}
	toWrite  = []string{"tweet.read", "tweet.write", "users.read"}
	toUpload = []string{"media.write"}
)

// endpoints is the whole API, except the sandbox's own /sandbox/.
func (s *Server) endpoints() []*endpoint {
	return slices.Concat(reading, writing, uploading, signingIn, s.version1())
}

// Endpoints by what they are for.
var reading = []*endpoint{
	{name: "GET /2/users/by/username/{username}", auth: byAny, scopes: toRead, serve: (*call).userByName,
		params: func(d *dialect) []param { return append([]param{byUserName}, userParams(d)...) }},
	{name: "GET /2/users/me", auth: byUser, scopes: toRead, serve: (*call).me, params: userParams},
	{name: "GET /2/users/{id}/tweets", auth: byAny, scopes: toRead, serve: (*call).timeline,
		params: func(d *dialect) []param {
			return append(pageParams(d), list("exclude", []string{"replies", "retweets"}))
		}},
	{name: "GET /2/users/{id}/mentions", auth: byAny, scopes: toRead, serve: (*call).mentions, params: pageParams},
	{name: "GET /2/tweets", auth: byAny, scopes: toRead, serve: (*call).lookup,
		params: func(d *dialect) []param { return append([]param{postIDs}, postParams(d)...) }},
}

var writing = []*endpoint{
	{name: "POST /2/tweets", auth: byUser, scopes: toWrite, serve: (*call).create, params: noParams},
	{name: "DELETE /2/tweets/{id}", auth: byUser, scopes: toWrite, serve: (*call).delete, params: oneID},
}

var uploading = []*endpoint{
	{name: "POST /2/media/upload", auth: byUser, scopes: toUpload, serve: (*call).upload, params: noParams},
	{name: "POST /2/media/upload/initialize", auth: byUser, scopes: toUpload, serve: (*call).initialize, params: noParams},
	{name: "POST /2/media/upload/{id}/append", auth: byUser, scopes: toUpload, serve: (*call).appendPart, params: oneID},
	{name: "POST /2/media/upload/{id}/finalize", auth: byUser, scopes: toUpload, serve: (*call).finalize, params: oneID},
	{name: "POST /2/media/metadata", auth: byUser, scopes: toUpload, serve: (*call).describe, params: noParams},
}

// signingIn are the endpoints that issue tokens. Each checks its credentials
// itself.
var signingIn = []*endpoint{
	{name: "POST /oauth/request_token", serve: (*call).requestToken, v1: true},
	{name: "GET /oauth/authorize", serve: (*call).authorizePIN},
	{name: "POST /oauth/access_token", serve: (*call).accessToken, v1: true},
	{name: "GET /i/oauth2/authorize", serve: (*call).authorizeCode},
	{name: "POST /2/oauth2/token", serve: (*call).token},
	{name: "POST /2/oauth2/revoke", serve: (*call).revoke},
	{name: "POST /oauth2/token", serve: (*call).appToken},
}

// version1 are the endpoints of API v1.1 that its clients still call. Without
// Options.V1 they all answer the same, as on X.
func (s *Server) version1() []*endpoint {
	list := []*endpoint{
		{name: "GET /1.1/statuses/user_timeline.json", auth: user1 | appOnly, serve: (*call).v1Timeline, v1: true},
		{name: "GET /1.1/account/verify_credentials.json", auth: user1, serve: (*call).v1Verify, v1: true},
		{name: "POST /1.1/statuses/update.json", auth: user1, serve: (*call).v1Update, v1: true},
	}
	for _, e := range list {
		if !s.opt.V1 {
			e.serve = (*call).v1Closed
		}
	}
	return list
}

func noParams(*dialect) []param { return []param{} }

func oneID(*dialect) []param { return []param{pathID} }

// media reports whether an endpoint takes files.
func (e *endpoint) media() bool { return strings.Contains(e.name, "/media/") }
