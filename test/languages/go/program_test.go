package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const region = "alicloud-secondary-ips:region"

// Runs the example through the Automation API, which needs no language host: creates, updates and destroys.
func TestProgram(t *testing.T) {
	ctx := context.Background()
	stack, err := auto.UpsertStackInlineSource(ctx, "dev", "native-go", program)
	if err != nil {
		t.Fatal(err)
	}
	if err := stack.SetConfig(ctx, region, auto.ConfigValue{Value: "cn-hangzhou"}); err != nil {
		t.Fatal(err)
	}
	up(t, ctx, stack)
	stack.Workspace().SetProgram(withOneMore)
	up(t, ctx, stack)
	if _, err := stack.Destroy(ctx); err != nil {
		t.Fatal(err)
	}
}

// Updates the stack, and prints what changed and the outputs as a line of JSON.
func up(t *testing.T, ctx context.Context, stack auto.Stack) {
	t.Helper()
	result, err := stack.Up(ctx)
	if err != nil {
		t.Fatal(err)
	}
	line := map[string]any{"changes": result.Summary.ResourceChanges, "assigned": result.Outputs["assigned"].Value}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		t.Fatal(err)
	}
}

// The program as if it listed one more address.
func withOneMore(ctx *pulumi.Context) error {
	err := ctx.RegisterResourceTransform(
		func(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
			// The engine also calls it for the default provider.
			if args.Type != "alicloud-secondary-ips:index:EniSecondaryIps" {
				return nil
			}
			addresses, isList := args.Props["privateIpAddresses"].(pulumi.Array)
			if !isList {
				panic(fmt.Sprintf("privateIpAddresses is %T", args.Props["privateIpAddresses"]))
			}
			args.Props["privateIpAddresses"] = append(addresses, pulumi.String("10.0.0.22"))
			return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
		},
	)
	if err != nil {
		return err
	}
	return program(ctx)
}
