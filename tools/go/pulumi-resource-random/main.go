// Command pulumi-resource-random is the Pulumi resource plugin behind the npm package @pulumi/random, for machines
// that cannot download the released one: the upstream Terraform provider under the Pulumi Terraform bridge.
//
// It serves every resource of the released plugin under the same type tokens. Unlike the released one it has no
// package schema to offer, which code generators and YAML programs ask for, and programs in TypeScript do not.
package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	upstream "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

const packageName = "random"

// version is the npm package's, set by the linker: the engine looks for a plugin of exactly that version.
var version string

func main() {
	schema, err := json.Marshal(map[string]string{"name": packageName, "version": version})
	if err != nil {
		panic(err)
	}
	tfbridge.Main(context.Background(), packageName, provider(), tfbridge.ProviderMetadata{PackageSchema: schema})
}

func provider() bridge.ProviderInfo {
	info := bridge.ProviderInfo{
		Name:    packageName,
		Version: version,
		P:       tfbridge.ShimProvider(upstream.New()),
		// Holds the history of renamed types of a released plugin; here there is none, but the bridge insists.
		MetadataInfo: bridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*bridge.ResourceInfo{
			// The one resource whose upstream schema has no attribute named id.
			"random_bytes": {ComputeID: idOfRandomBytes},
		},
		EnableAccurateBridgePreview: true,
		EnableRawStateDelta:         true,
	}
	// random_pet becomes random:index/randomPet:RandomPet, and so on.
	token := func(module, name string) (string, error) {
		return tokens.MakeStandard(packageName)(module, "Random"+name)
	}
	info.MustComputeTokens(tokens.SingleModule("random_", "index", token))
	return info
}

func idOfRandomBytes(_ context.Context, state resource.PropertyMap) (resource.ID, error) {
	value := state["base64"]
	if value.IsSecret() {
		value = value.SecretValue().Element
	}
	if !value.IsString() {
		return "", errors.New("the provider returned a RandomBytes without its base64 text")
	}
	return resource.ID(value.StringValue()), nil
}
