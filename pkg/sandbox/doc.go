// Package sandbox is a local X: the parts of X's API that the programs of this
// project use, served from memory for demonstrations, dry runs and tests.
//
// [New] makes a [Server] from [Options]; [Server.Seed] gives it posts;
// [Server.Keys] returns the credentials of an account; the Server is an
// http.Handler, for httptest or for a listener on loopback:
//
//	sb, err := sandbox.New(sandbox.Options{Now: time.Now, Secret: secret})
//	n, err := sb.Seed("newton", posts)
//	keys, err := sb.Keys("newton")
//	srv := httptest.NewServer(sb)
//
// It is a second reading of X's documentation, made apart from pkg/network and
// sharing no type with it, so that a fault in one shows against the other. It
// is strict where X is strict: signatures are verified, a nonce is refused when
// it comes twice, unknown parameters and properties are errors, refresh tokens
// work once. Ways in which X is known to fail can be switched on: see
// [ParseFault].
//
// # What is served
//
// Of API v2: users by name and users/me; a user's posts and mentions, with
// pages, ids, times, exclusions, fields, expansions and caps; posts by their
// ids; making and deleting posts; media, at once or in parts, with alt text.
// Sign-in by OAuth 1.0a (PIN), OAuth 2.0 (PKCE) and app-only. Of API v1.1, with
// Options.V1: user_timeline, update and verify_credentials.
//
// The sandbox's own endpoints, under /sandbox/, need no credentials:
//
//	GET    /sandbox/stats            the counters, as JSON
//	GET    /sandbox/posts[?author=]  the posts that exist, as records, oldest first
//	POST   /sandbox/posts[?author=]  more posts, as records; author is for those without; made now if undated
//	GET    /sandbox/keys?as=NAME     an account's credentials, as lines for a shell
//	GET    /sandbox/faults           the faults, one a line
//	POST   /sandbox/faults           more faults, one a line
//	DELETE /sandbox/faults           no faults
//	POST   /sandbox/clock?advance=1h moves the server's clock on
//
// # What is left out
//
// Likes, follows, lists, search and streams; quotes by the API, which X has
// removed as well; what a poll, a place or a community does to a post. Their
// parameters are checked if they belong to something that is served.
//
// # Sources
//
// X's OpenAPI documents 2.166 (field names with "tweet") and 2.167 (with
// "post"), X's documentation, and answers of the live API that are quoted in
// public issue threads. A request is answered in the spelling that it uses. Where
// X does not say something and this package had to choose, a comment says so.
//
// # Determinism
//
// Time comes from Options.Now, and randomness from Options.Secret: the same
// requests at the same times get the same answers, byte for byte.
package sandbox
