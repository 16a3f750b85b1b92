set -euo pipefail
aws() { command aws --endpoint-url "$ENDPOINT" --no-cli-pager "$@"; }
aws --version | grep -q '^aws-cli/1' && aws() { command aws --endpoint-url "$ENDPOINT" "$@"; }

aws s3 mb "s3://$BUCKET" > /dev/null
aws s3 cp --quiet "$DIRECTORY/large.bin" "s3://$BUCKET/large"
aws s3 cp --quiet "s3://$BUCKET/large" "s3://$BUCKET/large copy"
aws s3 cp --quiet "s3://$BUCKET/large copy" "$DIRECTORY/large.back"
echo "$LARGE_MD5  $DIRECTORY/large.back" | md5sum --check --quiet

for key in 'a b+c' '🐱/ü.jpg' 'q?#&=%' "<xml>\"'"; do
  printf %s "$key" | aws s3 cp --quiet - "s3://$BUCKET/$key"
  test "$(aws s3 cp --quiet "s3://$BUCKET/$key" -)" = "$key"
  aws s3api put-object-tagging --bucket "$BUCKET" --key "$key" --tagging 'TagSet=[{Key=colour,Value=dark red}]'
  test "$(aws s3api get-object-tagging --bucket "$BUCKET" --key "$key" --query 'TagSet[0].Value' --output text)" = 'dark red'
  test "$(curl -sf "$(aws s3 presign "s3://$BUCKET/$key")")" = "$key"
done
aws s3api put-object --bucket "$BUCKET" --key folder/ > /dev/null

aws s3 cp --quiet --recursive "$DIRECTORY/small" "s3://$BUCKET/small"
test "$(aws s3 ls "s3://$BUCKET/small/" | wc -l)" = "$SMALL_FILES"
test -z "$(aws s3 sync --dryrun --size-only "$DIRECTORY/small" "s3://$BUCKET/small")"
aws s3 rb --force "s3://$BUCKET" > /dev/null
