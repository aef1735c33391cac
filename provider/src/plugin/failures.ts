import * as grpc from "@grpc/grpc-js";
import type { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

/** What the engine gets for a failed request. @internal */
export type Failure = Partial<grpc.StatusObject> & { readonly message: string };

/** A failure that changes nothing in the state. @internal */
export function failureOf(message: string, code = grpc.status.UNKNOWN): Failure {
  return { name: "Failure", code, details: message, message } as Failure;
}

/**
 * A failure with a partial result, which the engine records. The details of a status travel in one metadata entry, in the form
 * of https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto.
 * @internal
 */
export function partialFailure(message: string, recorded: ErrorResourceInitFailed): Failure {
  const any = new Any();
  any.pack(recorded.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { ...failureOf(message), metadata };
}
