package model_test

import (
	"bytes"
	"fmt"
	"strings"

	"horsepipe/pkg/model"
)

// The contexts of a model are intervals of its suffix array.
func Example() {
	b := model.NewBuilder(model.Options{})
	defer b.Close()
	w := b.Worker()
	for i, post := range []string{"the cat sleeps", "a cat eats", "the cat eats fish"} {
		w.Begin(model.Post{ID: fmt.Sprint(i)})
		for _, token := range strings.Fields(post) {
			w.Token([]byte(" "), []byte(token))
		}
		w.End()
	}
	if err := b.Append(w.Take(), nil); err != nil {
		panic(err)
	}
	var file bytes.Buffer
	if _, err := b.WriteTo(&file); err != nil {
		panic(err)
	}

	m, err := model.Load(file.Bytes())
	if err != nil {
		panic(err)
	}
	cat := m.Token(m.Lookup([]byte("cat")))
	for e := cat.Lo; e < cat.Hi; e++ {
		id, place := m.Next(e, 1)
		fmt.Printf("cat %s: post %s\n", m.Text(id), m.Post(m.PostAt(place)).ID)
	}
	eats := m.Narrow(cat, 1, m.Lookup([]byte("eats")))
	fmt.Println(eats.Len(), "of", cat.Len(), "eat, damage:", m.Err())
	// Output:
	// cat eats: post 1
	// cat eats: post 2
	// cat sleeps: post 0
	// 2 of 3 eat, damage: <nil>
}
