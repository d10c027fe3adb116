package sandbox

// requestToken is a temporary credential of the PIN flow.
type requestToken struct {
	grant
	pin string
}
