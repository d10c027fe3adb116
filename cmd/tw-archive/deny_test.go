package main

import (
	"context"
	"testing"

	"horsepipe/pkg/network"
)

// A number on the list applies whatever the account's name is.
func TestDeniedByNumber(t *testing.T) {
	list, err := network.NewAccounts("42")
	if err != nil {
		t.Fatal(err)
	}
	g := guarded{denied: &denied{Accounts: list}} // a client that is asked would panic
	_, err = g.Posts(context.Background(), network.Query{User: network.User{ID: "42", Name: "newton"}})
	if network.KindOf(err) != network.Policy {
		t.Errorf("got %v", err)
	}
}
