// Package network is what the programs know of a social network, whichever it is: how an account is
// written ([ParseAccount]), what a client of a network gives ([Page], [User]) and how it fails
// ([Error], whose [Kind] alone decides a program's exit code).
//
// The clients are the packages below: x is X; export reads a downloaded archive. Interfaces stand
// where they are used: package timeline, which walks an account's posts and keeps a file up to
// date, says what it needs of a client.
package network
