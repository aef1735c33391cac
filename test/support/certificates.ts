/*
 * A certificate of the tests' own, for the public host names of the region cn-hangzhou, and its key. It is its own CA. Made with
 * `openssl ca -selfsign` and `subjectAltName=DNS:*.aliyuncs.com,DNS:*.cn-hangzhou.aliyuncs.com`.
 */

export const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg926pGe7nrMJj4752
KxgH1PombRLCqgmjVG+BPL77Jy6hRANCAAQuTtaIrmOw47KmQ+kHvdS86eTHmsnb
jH120zX/m5nLm7IYn6dcaWVJBu2bBrIToovO/GyaWdgYWCAr3GMjhW1b
-----END PRIVATE KEY-----
`;

/** Valid until 2120. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBgzCCASigAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAl0ZXN0IG9u
bHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CXRlc3Qgb25seTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC5O1oiuY7DjsqZD
6Qe91Lzp5MeayduMfXbTNf+bmcubshifp1xpZUkG7ZsGshOii878bJpZ2BhYICvc
YyOFbVujaTBnMA8GA1UdEwEB/wQFMAMBAf8wNQYDVR0RBC4wLIIOKi5hbGl5dW5j
cy5jb22CGiouY24taGFuZ3pob3UuYWxpeXVuY3MuY29tMB0GA1UdDgQWBBScDJmv
uvx6TLfwHoadRBWVqrpqITAKBggqhkjOPQQDAgNJADBGAiEAiFvinHXJELzebLUK
DWxA3r1xNApc0dqHwKZ1jg0e06ICIQDFTbXN7YaAehDQkCn3m1KO4f+hJXZ+iPwV
M8bIvqt79g==
-----END CERTIFICATE-----
`;

/** The same, expired in 2021. */
export const expiredCertificate = `-----BEGIN CERTIFICATE-----
MIIBgDCCASagAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAl0ZXN0IG9u
bHkwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAl0
ZXN0IG9ubHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQuTtaIrmOw47KmQ+kH
vdS86eTHmsnbjH120zX/m5nLm7IYn6dcaWVJBu2bBrIToovO/GyaWdgYWCAr3GMj
hW1bo2kwZzAPBgNVHRMBAf8EBTADAQH/MDUGA1UdEQQuMCyCDiouYWxpeXVuY3Mu
Y29tghoqLmNuLWhhbmd6aG91LmFsaXl1bmNzLmNvbTAdBgNVHQ4EFgQUnAyZr7r8
eky38B6GnUQVlaq6aiEwCgYIKoZIzj0EAwIDSAAwRQIhAICUpmgws0nRL8pH3cfT
hVfdffbnYP/U514tcFA5EnD4AiAWaC9NUJefq9BL/WsFi+rQhXeYr3tKXE/xBgUX
RdV38A==
-----END CERTIFICATE-----
`;
