package timeline

import (
	"cmp"
	"errors"
	"io/fs"
	"math"
	"slices"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// recent is how many of the newest posts show how often an account posts.
const recent = 200

// Forecast estimates how many posts an account has made since its newest post in a file, from how
// often it posted before. N is -1 if there is no file, or if it has fewer than two of the account's
// posts with different dates. The user has the account's number if the file tells it, since its own
// posts may cost less. A file that has lines but no post is an error.
func Forecast(path, name string, now time.Time) (user network.User, n int, err error) {
	user = network.User{Name: name, Posts: -1}
	var dates []time.Time
	if err = corpus(path); err == nil {
		_, err = each(path, func(p *post.Post) {
			as := authors{}
			as.note(p)
			if a := as.find(name, ""); a != nil && !p.CreatedAt.IsZero() {
				dates = append(dates, p.CreatedAt)
				user.ID = cmp.Or(a.id, user.ID)
			}
		})
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil || len(dates) < 2 {
		return user, -1, err
	}
	slices.SortFunc(dates, time.Time.Compare)
	dates = dates[max(0, len(dates)-recent):]
	span, since := dates[len(dates)-1].Sub(dates[0]), now.Sub(dates[len(dates)-1])
	if span <= 0 {
		return user, -1, nil
	}
	return user, int(math.Ceil(float64(len(dates)-1) * max(0, since.Seconds()) / span.Seconds())), nil
}
