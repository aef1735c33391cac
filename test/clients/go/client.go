package main

import (
	"encoding/json"
	stderrors "errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ecs"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/vpc"
)

type credentials struct {
	AccessKeyID     string `json:"accessKeyId"`
	AccessKeySecret string `json:"accessKeySecret"`
	SecurityToken   string `json:"securityToken"`
}

// operation makes one call: fill is given the typed request, and the answer is the typed response.
type operation func(fill func(requests.AcsRequest)) (any, error)

func typed[Request requests.AcsRequest, Response any](
	create func() Request,
	call func(Request) (Response, error),
) operation {
	return func(fill func(requests.AcsRequest)) (any, error) {
		request := create()
		fill(request)
		return call(request)
	}
}

func (d *driver) call(s step, key credentials) (any, *problem) {
	region := "cn-hangzhou"
	if raw, given := s.With["RegionId"]; given {
		check(json.Unmarshal(raw, &region))
	}
	operations := d.operations(s.API, region, key)
	do, known := operations[s.Call]
	if !known {
		check(fmt.Errorf("the table of operations has no %s", s.Call))
	}
	response, err := do(func(request requests.AcsRequest) {
		request.SetDomain(strings.TrimPrefix(d.url, "http://"))
		request.SetScheme("http")
		if d.client == "xml" {
			rpc := reflect.ValueOf(request).Elem().FieldByName("RpcRequest").Interface().(*requests.RpcRequest)
			rpc.AcceptFormat = "XML"
		}
		fillIn(reflect.ValueOf(request).Elem(), s.With)
	})
	var refused *errors.ServerError
	if stderrors.As(err, &refused) {
		return nil, &problem{
			Code:      refused.ErrorCode(),
			Status:    refused.HttpStatus(),
			Message:   refused.Message(),
			RequestID: refused.RequestId(),
			Recommend: refused.Recommend(),
		}
	}
	check(err)
	return namedAsInAPI(response), nil
}

func (d *driver) operations(api, region string, key credentials) map[string]operation {
	var credential auth.Credential = sdkcredentials.NewAccessKeyCredential(key.AccessKeyID, key.AccessKeySecret)
	if key.SecurityToken != "" {
		credential = sdkcredentials.NewStsTokenCredential(key.AccessKeyID, key.AccessKeySecret, key.SecurityToken)
	}
	if api == "vpc" {
		client, err := vpc.NewClientWithOptions(region, sdk.NewConfig(), credential)
		check(err)
		return vpcOperations(client)
	}
	client, err := ecs.NewClientWithOptions(region, sdk.NewConfig(), credential)
	check(err)
	return ecsOperations(client)
}

// fillIn sets the fields of a request by their names in the API. The region is the client's.
func fillIn(request reflect.Value, with map[string]json.RawMessage) {
	for name, raw := range with {
		if name != "RegionId" {
			set(fieldNamed(request, name), raw)
		}
	}
}

func fieldNamed(value reflect.Value, name string) reflect.Value {
	for index := 0; index < value.NumField(); index++ {
		if value.Type().Field(index).Tag.Get("name") == name {
			return value.Field(index)
		}
	}
	check(fmt.Errorf("%s has no %s", value.Type(), name))
	return reflect.Value{}
}

func set(field reflect.Value, raw json.RawMessage) {
	switch field.Kind() {
	case reflect.Pointer: // to a list
		var items []json.RawMessage
		check(json.Unmarshal(raw, &items))
		list := reflect.MakeSlice(field.Type().Elem(), len(items), len(items))
		for index, item := range items {
			set(list.Index(index), item)
		}
		field.Set(reflect.New(list.Type()))
		field.Elem().Set(list)
	case reflect.Struct:
		var fields map[string]json.RawMessage
		check(json.Unmarshal(raw, &fields))
		for name, value := range fields {
			set(fieldNamed(field, name), value)
		}
	default: // texts; the client has numbers and booleans as texts too
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		field.SetString(text)
	}
}

// namedAsInAPI tells a typed response under the names that its fields have in the API.
func namedAsInAPI(response any) any {
	text, err := json.Marshal(response)
	check(err)
	var answer any
	check(json.Unmarshal(text, &answer))
	return withLists(answer)
}

// withLists writes [] for a list that is nil: to Go the two are the same.
func withLists(value any) any {
	switch value := value.(type) {
	case nil:
		return []any{}
	case []any:
		for index, item := range value {
			value[index] = withLists(item)
		}
	case map[string]any:
		for key, item := range value {
			value[key] = withLists(item)
		}
	}
	return value
}
