package sandbox

type authCode struct{}
