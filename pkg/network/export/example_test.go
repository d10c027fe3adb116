package export_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"horsepipe/pkg/network/export"
	"horsepipe/pkg/post"
)

func ExampleRead() {
	dir, _ := os.MkdirTemp("", "export")
	defer os.RemoveAll(dir)
	_ = os.WriteFile(filepath.Join(dir, "tweets.js"), []byte(`window.YTD.tweets.part0 = [
		{ "tweet" : { "id_str" : "1600000000000000002", "full_text" : "Fish &amp; chips" } },
		{ "tweet" : { "id_str" : "1600000000000000001", "full_text" : "RT @bob: Soup" } } ]`), 0o600)

	report, err := export.Read(context.Background(), []string{dir}, export.Options{}, func(p *post.Post) error {
		fmt.Println(p.ID, p.CreatedAt.Format("2006-01-02"), p.Text)
		return nil
	})
	fmt.Println(report.Posts, "posts,", report.Reposts, "repost, error:", err)
	// Output:
	// 1600000000000000001 2022-12-06 RT @bob: Soup
	// 1600000000000000002 2022-12-06 Fish & chips
	// 2 posts, 1 repost, error: <nil>
}
