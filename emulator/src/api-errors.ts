/**
 * Every error that the emulator answers, with its HTTP status, its code and the documented message.
 *
 * Sources, unless a line says otherwise: the "Error codes" tables of the operations' pages
 * (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-assignprivateipaddresses and its
 * neighbours) and the common table, "Response results" in the ECS documentation.
 *
 * @packageDocumentation
 */

/** An answer that refuses a call, as the API gives it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = code;
  }
}

/* Parameters ----------------------------------------------------------------------------------------------- */

/** Assign and Unassign document this code with 403, everything else with 400. */
export const missingParameter = (name: string, status: 400 | 403 = 400) =>
  new ApiError(
    status,
    "MissingParameter",
    `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
  );

/** The documentation leaves the text open (`%s`); this one names the parameter and what is allowed. */
export const invalidParameter = (name: string, allowed: string) =>
  new ApiError(400, "InvalidParameter", `The specified parameter "${name}" is not valid: ${allowed}.`);

/** For what the cloud knows and the emulator does not model: better than to pretend. */
export const unsupportedParameter = (name: string) =>
  new ApiError(400, "UnsupportedParameter", `The parameters is unsupported: the emulator has no "${name}".`);

export const invalidRegionId = () =>
  new ApiError(400, "InvalidRegionId.MalFormed", "The specified parameter RegionId is not valid.");

export const idempotentParameterMismatch = () =>
  new ApiError(400, "IdempotentParameterMismatch", "The request is retried with updated parameters.");

/**
 * As seen in cloudfoundry/bosh-alicloud-cpi-release issue 105; AliyunContainerService/terway takes another token on this
 * code. The status is on no record.
 */
export const idempotentFailed = () =>
  new ApiError(
    400,
    "IdempotentFailed",
    "The previous idempotent request(s) has failed due to some unknown error, exception or failure.",
  );

export const lastTokenProcessing = () =>
  new ApiError(403, "LastTokenProcessing", "The last token request is processing.");

/** A call with DryRun that would have been carried out: success, in the form of an error. */
export const dryRunOperation = () =>
  new ApiError(400, "DryRunOperation", "Request validation has been passed with DryRun flag set.");

/* Gateway: who asks, and for what --------------------------------------------------------------------------- */

/*
 * All products share the gateway. Its table of errors, with statuses and texts: https://developer.aliyun.com/ask/278265
 * and the end of https://help.aliyun.com/document_detail/60629.html. The common table of ECS is older, and has other
 * names for some of them (IllegalTimestamp, InvalidAction, MissingParameter); where answers of the cloud are on record,
 * they have the names of the gateway.
 */

/** `MissingTimestamp` in rfancn/aliyun-ddns-client issue 13, `MissingSecurityToken` in denverdino/aliyungo issue 204. */
export const missingCommonParameter = (name: string) =>
  new ApiError(400, `Missing${name}`, `${name} is mandatory for this action.`);

export const invalidCommonParameter = (name: string) =>
  new ApiError(400, `Invalid${name}`, `Specified parameter ${name} is not valid.`);

/** Older texts end in the string to sign; see cloudfoundry/bosh-alicloud-cpi-release issue 29. */
export const incompleteSignature = (why: string) =>
  new ApiError(
    400,
    "IncompleteSignature",
    `The request signature does not conform to Aliyun standards. ${why}`.trim(),
  );

export const invalidSignatureMethod = () =>
  new ApiError(400, "InvalidSignatureMethod", "Specified signature method is not valid.");

/** With ACS3. Text as seen in aliyun/alibabacloud-csharp-sdk issue 40. */
export const signatureDoesNotMatch = (stringToSign: string) =>
  new ApiError(
    400,
    "SignatureDoesNotMatch",
    `Specified signature does not match our calculation. server StringToSign is [${stringToSign}]`,
  );

/** With the older signature. Text as seen in dromara/SMS4J issue 34; clients compare what follows the colon. */
export const stringToSignDoesNotMatch = (stringToSign: string) =>
  new ApiError(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`,
  );

/** Text as seen in acmesh-official/acme.sh issue 3585. */
export const signatureNonceUsed = () =>
  new ApiError(400, "SignatureNonceUsed", "Specified signature nonce was used already.");

/** As seen in jeessy2/ddns-go issue 1291. */
export const timestampExpired = () =>
  new ApiError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");

export const timestampFormat = () =>
  new ApiError(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");

/** As seen in aylei/aliyun-exporter issue 36; the common table of ECS has 400. */
export const accessKeyNotFound = () =>
  new ApiError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");

/** A token that is none. Texts of both: faascmd FAQ, in the documentation of ECS. */
export const securityTokenMalformed = () =>
  new ApiError(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.");

/** A token with a key that has none. */
export const securityTokenMismatch = () =>
  new ApiError(
    400,
    "InvalidSecurityToken.MismatchWithAccessKey",
    "Specified SecurityToken mismatch with the AccessKey.",
  );

/** Neither JSON nor XML. */
export const invalidParameterFormat = () =>
  new ApiError(400, "InvalidParameter.Format", "Specified parameter format is not valid.");

/**
 * For an unknown operation, or another path than `/`; the key is not looked at before. Text as seen in aliyun/aliyun-cli
 * pull request 415, from ECS; the second sentence is the emulator's.
 */
export const actionNotFound = (what: string) =>
  new ApiError(
    404,
    "InvalidAction.NotFound",
    `Specified api is not found, please check your url and method. The emulator has no ${what}.`,
  );

/** As seen in aliyun/aliyun-openapi-java-sdk issue 23, from ECS; the second sentence is the emulator's. */
export const invalidVersion = (version: string, known: readonly string[]) =>
  new ApiError(
    400,
    "InvalidVersion",
    `Specified parameter Version is not valid. The emulator knows ${known.join(" and ")}, not "${version}".`,
  );

/** Status and text of https://help.aliyun.com/en/polardb/client-error-codes, a product behind the same gateway. */
export const unsupportedHttpMethod = () =>
  new ApiError(403, "UnsupportedHTTPMethod", "This http method is not supported.");

/** The cloud's web server answers an HTML page (aliyun/openapi-core-nodejs-sdk issue 55, for a URL): it has no code. */
export const requestEntityTooLarge = (limitBytes: number) =>
  new ApiError(413, "RequestEntityTooLarge", `The body of the request is larger than ${limitBytes} bytes.`);

/** Not the cloud's: the request line and the headers are larger than the emulator takes. */
export const requestHeadTooLarge = (limitBytes: number) =>
  new ApiError(
    431,
    "RequestHeaderFieldsTooLarge",
    `The request line and the headers are larger than ${limitBytes} bytes. Send the parameters in a form body.`,
  );

/** Not the cloud's: a web page of another origin, or a host name of another server. */
export const foreignRequest = (reason: string) =>
  new ApiError(403, "ForeignRequest", `The emulator refuses the request: ${reason}.`);

/** What an account gets that calls an operation too often: a 400, although it may be called again a minute later. */
export const throttledUser = () =>
  new ApiError(400, "Throttling.User", "Request was denied due to user flow control.");

/** Not the cloud's: something went wrong in the emulator, and the text says what. */
export const internalError = (detail: string) =>
  new ApiError(
    500,
    "InternalError",
    `The request processing has failed due to some unknown error, exception or failure. ${detail}`,
  );

/* ENIs and their addresses ---------------------------------------------------------------------------------- */

export const eniNotFound = (eniId: string) =>
  new ApiError(404, "InvalidEniId.NotFound", `The specified EniId "${eniId}" is not found.`);

export const eniServiceManaged = () =>
  new ApiError(
    403,
    "InvalidOperation.EniServiceManaged",
    "The operation is not allowed because the ENI is managed by a cloud service.",
  );

export const invalidEniState = (expected: string, current: string) =>
  new ApiError(
    400,
    "InvalidOperation.InvalidEniState",
    `The operation is not allowed in the current ENI state. Expecting status is "${expected}" while current status is "${current}".`,
  );

export const invalidEcsState = () =>
  new ApiError(
    400,
    "InvalidOperation.InvalidEcsState",
    "The operation is not allowed in the current ECS state.",
  );

export const conflict = () => new ApiError(403, "Operation.Conflict", "ecs task is conflicted.");

export const ipRepeated = (address: string) =>
  new ApiError(403, "InvalidIp.IpRepeated", `The specified IP "${address}" is repeated in the request.`);

export const ipInvalid = (address: string, block: string) =>
  new ApiError(
    403,
    "InvalidVSwitchId.IpInvalid",
    `The specified IpAddress "${address}" is not valid in VSwitch CIDR block "${block}".`,
  );

export const ipAssigned = (address: string) =>
  new ApiError(403, "InvalidIp.IpAssigned", `The specified IP "${address}" is already assigned on this ENI.`);

export const ipDuplicated = (address?: string) =>
  new ApiError(
    400,
    "InvalidPrivateIpAddress.Duplicated",
    `Specified private IP address ${address === undefined ? "" : `"${address}" `}is duplicated.`,
  );

export const ipUnassigned = (address: string) =>
  new ApiError(403, "InvalidIp.IpUnassigned", `The specified IP "${address}" is not assigned on this ENI.`);

export const ipNotEnough = (vSwitchId: string) =>
  new ApiError(
    403,
    "InvalidVSwitchId.IpNotEnough",
    `The specified VSwitch "${vSwitchId}" has not enough IpAddress.`,
  );

/** What RunInstances says in its place. */
export const notEnoughAddressesForInstances = () =>
  new ApiError(400, "QuotaExceeded.PrivateIpAddress", "Don't have enough private IPs in this switch.");

export const ipv4CountExceeded = () =>
  new ApiError(
    403,
    "InvalidOperation.Ipv4CountExceeded",
    "The number of private IPv4 addresses exceeds the quota of the ENI.",
  );

/** Documented for CreateNetworkInterface only. */
export const maxEniPrivateIpsCountExceeded = () =>
  new ApiError(
    403,
    "MaxEniPrivateIpsCountExceeded",
    "The number of private IPs of the ENI exceeds the limit.",
  );

export const eniPerInstanceLimitExceeded = () =>
  new ApiError(
    403,
    "EniPerInstanceLimitExceeded",
    "The number of ENIs attached to the instance exceeds the limit of its instance type.",
  );

export const zoneMismatch = () =>
  new ApiError(
    403,
    "InvalidOperation.AvailabilityZoneMismatch",
    "The ENI and the instance are not in the same availability zone.",
  );

export const vpcMismatch = () =>
  new ApiError(403, "InvalidOperation.VpcMismatch", "The ENI and the instance are not in the same VPC.");

export const detachPrimaryEniNotAllowed = () =>
  new ApiError(
    400,
    "InvalidOperation.DetachPrimaryEniNotAllowed",
    "The primary ENI cannot be detached from its instance.",
  );

/** The documentation has no code for this one: the ENI is attached, but not to the instance that is named. */
export const notAttachedTo = (eniId: string, instanceId: string) =>
  new ApiError(
    400,
    "InvalidParameter",
    `The specified parameter "InstanceId" is not valid: "${eniId}" is not attached to "${instanceId}".`,
  );

/** The pages of the IPv6 operations give these codes without a text. */
export const ipv6Invalid = (address: string, block: string) =>
  new ApiError(403, "InvalidIp.Address", `The specified IPv6 "${address}" is not valid in "${block}".`);

export const ipv6NotTurnedOn = (vSwitchId: string) =>
  new ApiError(403, "InvalidVSwitch.Ipv6NotTurnOn", `IPv6 is not turned on for the VSwitch "${vSwitchId}".`);

export const ipv6CountExceeded = () =>
  new ApiError(
    403,
    "InvalidOperation.Ipv6CountExceeded",
    "The number of IPv6 addresses exceeds the quota of the instance type.",
  );

export const maxEniIpv6IpsCountExceeded = () =>
  new ApiError(
    403,
    "MaxEniIpv6IpsCountExceeded",
    "The number of IPv6 addresses of the ENI exceeds the limit.",
  );

/* Tags: ListTagResources, TagResources, UntagResources ----------------------------------------------------- */

export const missingTagParameter = (name: "ResourceType" | "RegionId" | "Tags" | "ResourceIds") =>
  new ApiError(404, `MissingParameter.${name}`, `The parameter - ${name} should not be null`);

export const tooManyResourceIds = () =>
  new ApiError(400, "NumberExceed.ResourceIds", "The ResourceIds parameter's number is exceed , Valid : 50");

export const tooManyTags = () =>
  new ApiError(400, "NumberExceed.Tags", "The Tags parameter's number is exceed , Valid : 20");

export const duplicateTagKey = () =>
  new ApiError(400, "Duplicate.TagKey", "The Tag.N.Key contain duplicate key.");

export const malformedTagKey = () =>
  new ApiError(400, "InvalidTagKey.Malformed", "The specified Tag.n.Key is not valid.");

export const malformedTagValue = () =>
  new ApiError(400, "InvalidTagValue.Malformed", "The specified Tag.n.Value is not valid.");

export const tagValueWithoutKey = () =>
  new ApiError(400, "InvalidParameter.TagValue", "The specified Tag.n.Value has no Tag.n.Key.");

export const taggedResourceNotFound = () =>
  new ApiError(404, "InvalidResourceId.NotFound", "The specified ResourceIds are not found in our records.");

export const resourceTypeNotFound = () =>
  new ApiError(
    404,
    "InvalidResourceType.NotFound",
    "The ResourceType provided does not exist in our records.",
  );

export const tagQuotaExceeded = () =>
  new ApiError(
    400,
    "OperationDenied.QuotaExceed",
    "The quota of tags on resource is beyond permitted range.",
  );

/* Instances, vSwitches, VPCs -------------------------------------------------------------------------------- */

export const ecsNotFound = (instanceId: string) =>
  new ApiError(404, "InvalidEcsId.NotFound", `The specified EcsId "${instanceId}" is not found.`);

export const instanceNotFound = () =>
  new ApiError(404, "InvalidInstanceId.NotFound", "The specified InstanceId does not exist.");

export const incorrectInstanceStatus = () =>
  new ApiError(
    403,
    "IncorrectInstanceStatus",
    "The current status of the resource does not support this operation.",
  );

export const instanceTypeNotSupported = (families: readonly string[]) =>
  new ApiError(
    400,
    "InvalidInstanceType.ValueNotSupported",
    `The specified InstanceType does not exist or beyond the permitted range. The emulator knows types of the families ${families.join(", ")}.`,
  );

export const securityGroupNotFound = () =>
  new ApiError(404, "InvalidSecurityGroupId.NotFound", "The specified SecurityGroupId does not exist.");

/** The page of ModifyNetworkInterfaceAttribute explains the code with these words. */
export const securityGroupVpcMismatch = () =>
  new ApiError(
    403,
    "InvalidOperation.VpcMismatch",
    "The specified ENI and security group do not belong to the same VPC.",
  );

/** As DeleteSecurityGroup says it. */
export const securityGroupInUse = () =>
  new ApiError(403, "DependencyViolation", "There is still instance(s) in the specified security group.");

/** DeleteSecurityGroup, for a group that is the other end of a rule. */
export const securityGroupAuthorized = () =>
  new ApiError(
    403,
    "DependencyViolation",
    "The specified security group has been authorized in another one.",
  );

/** RevokeSecurityGroup and its neighbour, since 8 July 2024. */
export const securityGroupRuleNotFound = () =>
  new ApiError(
    400,
    "InvalidParam.SecurityGroupRuleId",
    "The specified parameter SecurityGroupRuleId is not valid.",
  );

/** A rule of an advanced group whose other end is a group. */
export const groupAuthorizationDenied = () =>
  new ApiError(
    400,
    "InvalidGroupAuthParameter.OperationDenied",
    "The security group can not authorize to enterprise level security group.",
  );

/** A rule whose other end is an IPv4 and an IPv6 block. */
export const addressFamilyConflict = () =>
  new ApiError(400, "InvalidParameter.Conflict", "IPv6 and IPv4 addresses cannot exist at the same time.");

export const vSwitchNotFound = () =>
  new ApiError(404, "InvalidVSwitchId.NotFound", "The specified VSwitchId does not exist.");

/** Text as in aliyun/terraform-provider-alicloud issue 5172. */
export const incorrectVSwitchStatus = () =>
  new ApiError(
    400,
    "IncorrectVSwitchStatus",
    "The current status of vSwitch does not support this operation.",
  );

/** The words of the VPC API; ECS has others. */
export const vSwitchNotFoundInVpc = () =>
  new ApiError(404, "InvalidVSwitchId.NotFound", "The specified virtual switch does not exists.");

/** DeleteVSwitch, while the vSwitch is being made or deleted already. */
export const vSwitchInMiddleStatus = () =>
  new ApiError(400, "IncorrectVSwitchStatus", "vpc subnet is in middle status.");

/** DeleteVSwitch, while another vSwitch of the VPC is being made or deleted. */
export const otherSubnetProcessing = () =>
  new ApiError(400, "OperationDenied.OtherSubnetProcessing", "other subnet is processing.");

/** DeleteVSwitch and DeleteVpc, as long as something is left in them. */
export const dependencyViolation = (kind?: "VSwitch" | "SecurityGroup") =>
  new ApiError(
    400,
    kind === undefined ? "DependencyViolation" : `DependencyViolation.${kind}`,
    `Specified object has dependent resources${kind === "SecurityGroup" ? " SecurityGroup." : ""}`,
  );

export const vpcNotFound = () => new ApiError(404, "InvalidVpcId.NotFound", "Specified VPC does not exist.");

/** The API's own spelling of "description". */
export const malformedNetworkText = (what: "Vpc" | "VSwitch", field: "Name" | "Discription") =>
  new ApiError(
    400,
    `Invalid${what}${field}.Malformed`,
    `Specified ${what === "Vpc" ? "VPC" : "virtual switch"} ${field === "Name" ? "name" : "description"} is not valid.`,
  );

export const zoneNotFound = () =>
  new ApiError(404, "InvalidZoneId.NotFound", "Specified zone does not exist.");

export const incorrectVpcStatus = () =>
  new ApiError(400, "IncorrectVpcStatus", "Current VPC status does not support this operation.");

/** CreateVpc. */
export const invalidVpcBlock = () =>
  new ApiError(400, "InvalidParameter", "Specified CIDR block is not valid");

/** CreateVSwitch: not a block at all. */
export const malformedCidrBlock = () =>
  new ApiError(400, "InvalidCidrBlock.Malformed", "Specified CIDR block is not valid.");

/** CreateVSwitch: a block of another size, in the API's own spelling. */
export const cidrBlockMaskLength = () =>
  new ApiError(400, "InvalidCirdrBlock.MaskLength", "Specified CIDR block is not valid .");

/** CreateVSwitch: a block elsewhere. */
export const cidrBlockOutsideVpc = () =>
  new ApiError(400, "InvalidParameter", "Specified CIDR block is not valid in VPC.");

export const cidrBlockOverlapped = () =>
  new ApiError(400, "InvalidCidrBlock.Overlapped", "Specified CIDR block overlapped with other subnets.");

/* Neighbours: user data, tags of VPC, EIPs ------------------------------------------------------------------- */

/** RunInstances and ModifyInstanceAttribute. */
export const malformedInstanceText = (name: "InstanceName" | "HostName") =>
  new ApiError(400, `Invalid${name}.Malformed`, `The specified parameter "${name}" is not valid.`);

/** RunInstances. */
export const systemDiskCategoryNotSupported = () =>
  new ApiError(
    400,
    "InvalidSystemDiskCategory.ValueNotSupported",
    'The specified parameter "SystemDisk.Category" is not valid.',
  );

/** RunInstances; the documentation leaves the text open (`%s`). */
export const systemDiskSizeNotSupported = (min: number, max: number) =>
  new ApiError(
    400,
    "InvalidSystemDiskSize.ValueNotSupported",
    `The specified parameter "SystemDisk.Size" is not valid: it must be from ${min} to ${max}.`,
  );

/** RunInstances. */
export const userDataTooLarge = () =>
  new ApiError(400, "InvalidUserData.SizeExceeded", "The specified UserData exceeds the maximum size.");

/** RunInstances. */
export const userDataNotBase64 = () =>
  new ApiError(400, "InvalidUserData.Base64FormatInvalid", "The specified UserData is not valid Base64.");

/** Tags of VPCs, vSwitches and EIPs. */
export const invalidNetworkTagKey = () => new ApiError(400, "InvalidTagKey", "The tag keys are not valid.");

export const invalidNetworkTagValue = () =>
  new ApiError(400, "InvalidTagValue", "The tag values are not valid.");

export const networkResourceNotFound = () =>
  new ApiError(404, "InvalidResourceId.NotFound", "The specified resource is not found.");

export const networkTagQuotaExceeded = () =>
  new ApiError(400, "SizeLimitExceeded.Tag", "The number of tags exceeds the limit of 20.");

export const eipNotFound = () =>
  new ApiError(404, "InvalidAllocationId.NotFound", "Specified allocation ID is not found");

/** An EIP that is bound, or is not. */
export const incorrectEipStatus = () =>
  new ApiError(400, "IncorrectEipStatus", "Current elastic IP status does not support this operation.");

/** AssociateEipAddress with an instance that is on its way from one state to another. */
export const incorrectStatusOfBoundInstance = () =>
  new ApiError(400, "IncorrectInstanceStatus", "Current instance status does not support this operation.");

/** AllocateEipAddress with an address that another EIP has. */
export const eipAddressNotFree = () =>
  new ApiError(400, "InvalidIpAddress.AlreadyUsed", "Specified IP address is already in use.");

/** AssociateEipAddress with an address that has an EIP. */
export const eipInstanceHasEip = () =>
  new ApiError(
    400,
    "BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP",
    "The specified instance is already bound to an EIP.",
  );
