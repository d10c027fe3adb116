package timeline

import (
	"context"

	"horsepipe/pkg/network"
)

// Heard is a source that is asked for nothing more once nobody reads what would be printed, such as a mk-train that
// failed: all of it is paid for. Its errors are those of Unread and of Source.
type Heard struct {
	Source
	Unread func() error // an error if nobody reads any more, such as tool.Call.Unread
}

// User looks an account up by its name.
func (h Heard) User(ctx context.Context, name string) (network.User, error) {
	if err := h.Unread(); err != nil {
		return network.User{}, err
	}
	return h.Source.User(ctx, name)
}

// Posts returns the page that a query asks for.
func (h Heard) Posts(ctx context.Context, q network.Query) (network.Page, error) {
	if err := h.Unread(); err != nil {
		return network.Page{}, err
	}
	return h.Source.Posts(ctx, q)
}
