package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

// problem is X's error document for a request that failed as a whole.
type problem struct {
	AccountID uint64     `json:"account_id,omitempty"`
	Errors    []badParam `json:"errors,omitempty"`
	Title     string     `json:"title"`
	Detail    string     `json:"detail,omitempty"`
	Type      string     `json:"type"`
	Status    int        `json:"status,omitempty"`
}

// badParam is one reason why a request is invalid.
type badParam struct {
	Parameters map[string][]string `json:"parameters,omitempty"`
	Message    string              `json:"message"`
}

// trouble is X's error about one resource, inside an answer with status 200.
type trouble struct {
	ResourceID   string `json:"resource_id,omitempty"`
	Parameter    string `json:"parameter,omitempty"`
	ResourceType string `json:"resource_type,omitempty"`
	Section      string `json:"section,omitempty"`
	Title        string `json:"title"`
	Value        string `json:"value,omitempty"`
	Detail       string `json:"detail"`
	Type         string `json:"type"`
}

// Live answers have either host; the documents 2.166 and 2.167 differ in it, as
// they do in field names.
func (c *call) problemType(name string) string {
	if c.dialect == posts {
		return "https://api.x.com/2/problems/" + name
	}
	return "https://api.twitter.com/2/problems/" + name
}

// plain returns a problem without a type of its own, such as 401 and 503.
func plain(status int, detail string) *answer {
	title := http.StatusText(status)
	return &answer{status: status, body: problem{Title: title, Detail: cmp.Or(detail, title), Type: "about:blank", Status: status}}
}

// invalid returns the answer to a request whose parameters or body X does not accept.
func (c *call) invalid(reasons ...badParam) *answer {
	return &answer{status: http.StatusBadRequest, body: problem{
		Errors: reasons,
		Title:  "Invalid Request",
		Detail: "One or more parameters to your request was invalid.",
		Type:   c.problemType("invalid-request"),
	}}
}

// invalidBody returns the answer to a request whose body is wrong in one way.
func (c *call) invalidBody(format string, a ...any) *answer {
	return c.invalid(badParam{Message: fmt.Sprintf(format, a...)})
}

// unsupportedAuth returns the answer to a kind of token that an endpoint refuses.
func (c *call) unsupportedAuth() *answer {
	if c.e.v1 {
		return v1Error(http.StatusForbidden, 220, "Your credentials do not allow access to this resource.")
	}
	var able []string
	for _, w := range []way{user1, user2, appOnly} {
		if c.e.auth&w != 0 {
			able = append(able, w.String())
		}
	}
	return &answer{status: http.StatusForbidden, body: problem{
		Title: "Unsupported Authentication",
		Detail: fmt.Sprintf("Authenticating with %s is forbidden for this endpoint.  Supported authentication types are [%s].",
			c.who.way, strings.Join(able, ", ")),
		Type:   c.problemType("unsupported-authentication"),
		Status: http.StatusForbidden,
	}}
}

// tooMany returns 429 as X sends it now.
func tooMany() *answer { return plain(http.StatusTooManyRequests, "") }

// Errors about one resource. The title tells them apart for a reader, the type for a
// program; a suspended user has the type of one that never existed.

func (c *call) noSuchUser(param, value string) trouble {
	return trouble{
		ResourceID: value, Parameter: param, ResourceType: "user", Value: value,
		Title:  "Not Found Error",
		Detail: fmt.Sprintf("Could not find user with %s: [%s].", param, value),
		Type:   c.problemType("resource-not-found"),
	}
}

// suspended and protected occur only by faults.
func (c *call) suspended(param, value string) trouble {
	return trouble{
		ResourceID: value, Parameter: param, ResourceType: "user", Section: "data", Value: value,
		Title:  "Forbidden",
		Detail: fmt.Sprintf("User has been suspended: [%s].", value),
		Type:   c.problemType("resource-not-found"),
	}
}

func (c *call) protected(param, value string) trouble {
	return trouble{
		ResourceID: value, Parameter: param, ResourceType: "user", Section: "data", Value: value,
		Title:  "Authorization Error",
		Detail: fmt.Sprintf("Sorry, you are not authorized to see the user with %s: [%s].", param, value),
		Type:   c.problemType("not-authorized-for-resource"),
	}
}

func (c *call) noSuchPost(param string, id uint64) trouble {
	return trouble{
		ResourceID: itoa(id), Parameter: param, ResourceType: "tweet", Value: itoa(id),
		Title:  "Not Found Error",
		Detail: fmt.Sprintf("Could not find tweet with %s: [%d].", param, id),
		Type:   c.problemType("resource-not-found"),
	}
}
