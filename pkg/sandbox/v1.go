package sandbox

// v1Problem is the error document of API v1.1.
type v1Problem struct {
	Errors []v1Reason `json:"errors"`
}

type v1Reason struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func v1Error(status, code int, message string) *answer {
	return &answer{status: status, body: v1Problem{[]v1Reason{{code, message}}}}
}
