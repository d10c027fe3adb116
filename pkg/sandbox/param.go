package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// param is one parameter of an endpoint, in its query or in its path.
type param struct {
	name  string
	inURL bool                      // a part of the path
	need  bool                      // may not be left out
	wrong func(value string) string // what is wrong with a value, or ""
}

// Parameters, for the tables of endpoints.

func identifier(name string) param { return param{name: name, wrong: wrongID} }

var pathID = param{name: "id", inURL: true, wrong: wrongID}

// pageSize is how many posts a page has.
var pageSize = param{name: "max_results", wrong: func(v string) string {
	if n, err := strconv.Atoi(v); err != nil || n < 5 || n > 100 {
		return "is not between 5 and 100"
	}
	return ""
}}

// list returns a parameter that is a list of values with commas between, each at most once.
func list(name string, allowed []string) param {
	return param{name: name, wrong: func(v string) string {
		values := strings.Split(v, ",")
		for i, one := range values {
			if !slices.Contains(allowed, one) {
				return fmt.Sprintf("is not one of [%s]", strings.Join(allowed, ","))
			}
			if slices.Contains(values[:i], one) {
				return "has duplicate values"
			}
		}
		return ""
	}}
}

// moment is a time. X has no posts that can be asked for before 2010-11-06.
func moment(name string) param {
	return param{name: name, wrong: func(v string) string {
		t, err := time.Parse(time.RFC3339, v)
		if err != nil {
			return "is not a valid RFC3339 date-time"
		}
		if t.Before(time.Date(2010, 11, 6, 0, 0, 0, 0, time.UTC)) {
			return "must be on or after 2010-11-06T00:00:00Z"
		}
		return ""
	}}
}

// postIDs is a required list of ids.
var postIDs = param{name: "ids", need: true, wrong: func(v string) string {
	values := strings.Split(v, ",")
	if len(values) > 100 {
		return fmt.Sprintf("has %d values, which is not between 1 and 100", len(values))
	}
	for _, one := range values {
		if wrong := wrongID(one); wrong != "" {
			return wrong
		}
	}
	return ""
}}

// pageToken is a next_token or previous_token of an earlier answer.
var pageToken = param{name: "pagination_token", wrong: func(v string) string {
	if _, ok := parseToken(v); !ok {
		return "is not valid"
	}
	return ""
}}

var byUserName = param{name: "username", inURL: true, wrong: func(v string) string {
	if !userName.MatchString(v) {
		return "does not match ^[A-Za-z0-9_]{1,15}$"
	}
	return ""
}}

func wrongID(v string) string {
	if _, ok := parseID(v); !ok {
		return "is not valid"
	}
	return ""
}

// userParams are the parameters of a look-up of users.
func userParams(d *dialect) []param {
	return []param{list("user.fields", d.userFields), list("expansions", d.userExpansions), list(d.fieldsParam, d.fields)}
}

// postParams are the parameters that choose what is shown of a post.
func postParams(d *dialect) []param {
	return []param{
		list(d.fieldsParam, d.fields), list("expansions", d.expansions), list("media.fields", mediaFields),
		list("poll.fields", pollFields), list("user.fields", d.userFields), list("place.fields", placeFields),
	}
}

// pageParams are the parameters that choose what is shown of a timeline.
func pageParams(d *dialect) []param {
	return append([]param{
		pathID, identifier("since_id"), identifier("until_id"), pageSize, pageToken, moment("start_time"), moment("end_time"),
	}, postParams(d)...)
}

// check validates the parameters as X does. It reports all unknown and repeated ones
// and all bad values at once.
func (c *call) check() *answer {
	if c.e.params == nil {
		return nil
	}
	known := c.e.params(c.dialect)
	var bad []badParam
	for _, name := range slices.Sorted(maps.Keys(c.query)) {
		i := slices.IndexFunc(known, func(p param) bool { return p.name == name && !p.inURL })
		if i < 0 {
			bad = append(bad, badParam{map[string][]string{name: c.query[name]}, unknownParam(name, known)})
		}
	}
	for _, p := range known {
		if values, message := c.checkOne(p); message != "" {
			bad = append(bad, badParam{map[string][]string{p.name: values}, message})
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return c.invalid(bad...)
}

// checkOne returns what is wrong with the values of a parameter.
func (c *call) checkOne(p param) (values []string, message string) {
	values = c.query[p.name]
	if p.inURL {
		values = []string{c.r.PathValue(p.name)}
	}
	switch {
	case len(values) == 0 && !p.need:
		return nil, ""
	case len(values) == 0 || values[0] == "":
		return []string{}, fmt.Sprintf("The `%s` query parameter can not be empty", p.name)
	case len(values) > 1:
		return values, fmt.Sprintf("Duplicate parameters are not allowed: the `%s` query parameter", p.name)
	}
	if wrong := p.wrong(values[0]); wrong != "" {
		return values, fmt.Sprintf("The `%s` query parameter value [%s] %s", p.name, values[0], wrong)
	}
	return nil, ""
}

func unknownParam(name string, known []param) string {
	var names []string
	for _, p := range known {
		names = append(names, p.name)
	}
	return fmt.Sprintf("The query parameter [%s] is not one of [%s]", name, strings.Join(names, ","))
}
