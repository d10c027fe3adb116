// Package network is what the programs know of any social network: how an account is written
// ([ParseAccount]), what a client of a network returns ([Page], [User]) and how it fails ([Error],
// whose [Kind] alone decides a program's exit code).
//
// The clients are the packages below it: x is X; export reads a downloaded archive. Interfaces are
// declared where they are used: package timeline, which walks an account's posts and keeps a file up to
// date, declares what it needs of a client.
package network
