package credential

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const canary = "kanarienvogel"

func TestSecretNeverPrints(t *testing.T) {
	s := NewSecret(canary)
	type hidden struct{ key Secret } // fmt does not call methods of unexported fields
	values := []any{s, &s, []Secret{s}, map[string]Secret{"a": s}, hidden{s}, &hidden{s}, Keys{BearerToken: s}}
	verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10.3s"}
	for _, v := range values {
		for _, verb := range verbs {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, canary) || strings.Contains(got, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T prints the secret: %s", verb, v, got)
			}
		}
		data, err := json.Marshal(v)
		if err != nil || bytes.Contains(data, []byte(canary)) {
			t.Errorf("JSON of %T: %s, %v", v, data, err)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("key", "value", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("key", "value", v)
		if strings.Contains(log.String(), canary) {
			t.Errorf("slog of %T: %s", v, log.String())
		}
	}
	if err := fmt.Errorf("sign: %w", errors.New(s.String())); strings.Contains(err.Error(), canary) {
		t.Error(err)
	}
}

func TestSecretPrintsAsRedacted(t *testing.T) {
	s := NewSecret(canary)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(verb, s); got != redacted {
			t.Errorf("%s: got %s, want %s", verb, got, redacted)
		}
	}
	if data, _ := json.Marshal(s); string(data) != `"[redacted]"` {
		t.Errorf("JSON: got %s", data)
	}
}

func TestHide(t *testing.T) {
	k := &Keys{ConsumerKey: NewSecret("key-of-app"), BearerToken: NewSecret("AAAA/BBBB="), Token: NewSecret("token-of-2.0"),
		RefreshToken: NewSecret("refresh-of-2.0"), AccessSecret: NewSecret("as"), AccessToken: NewSecret("CCCC%2FDDDD%3D")}
	for text, want := range map[string]string{
		"":                                   "",
		"as it was":                          "as it was",
		`the app "key-of-app" is gone`:       `the app "[redacted]" is gone`,
		"AAAA/BBBB=, AAAA%2FBBBB%3D":         "[redacted], [redacted]",
		"CCCC%2FDDDD%3D, CCCC/DDDD=":         "[redacted], [redacted]", // X gives bearer tokens in this form
		"AAAA%2fBBBB%3d, CCCC%252FDDDD%253D": "[redacted], [redacted]",
		"token-of-2.0refresh-of-2.0":         "[redacted][redacted]",
	} {
		if got := k.Hide(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	both := &Keys{ConsumerKey: NewSecret("abcdefg"), ConsumerSecret: NewSecret("abcdefgh")}
	if got := both.Hide("abcdefgh, abcdefg"); got != "[redacted], [redacted]" {
		t.Errorf("a key that begins another: %s", got)
	}
	for _, v := range variables {
		k := &Keys{}
		if *v.field(k) = NewSecret(canary); k.Hide(canary) != redacted {
			t.Errorf("%s is not hidden", v.name)
		}
	}
}

func TestSecretReveal(t *testing.T) {
	if got := NewSecret(canary).Reveal(); got != canary {
		t.Errorf("got %q", got)
	}
	if s := NewSecret(""); !s.Empty() || s.Reveal() != "" || s != (Secret{}) {
		t.Error("an empty secret is not the zero Secret")
	}
}
