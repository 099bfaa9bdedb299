/* What clouds call their machines, stores and accounts, the same in every product that reports on them. */
#ifndef TSUMUGI_CLOUD_H
#define TSUMUGI_CLOUD_H

#include "analyst/readers/reader.h"

/* What an "arn:aws:ec2:us-east-1:123456789012:instance/i-1" names: its last part. */
const char *cloud_name(const char *uid);
/* Adds what is named as what its type says, "AwsEc2Instance", "AWS::S3::Bucket", "Virtual Machine": a machine that it
 * happened to, a store or an account that it was done to, or that did it. NULL and other types add nothing. */
void cloud_resource(struct reading *rg, const char *type, const char *uid, bool acts);

#endif
