//! countersign, jwt-simple, and jsonwebtoken with AWS-LC.

fn main() {
    jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default().expect("the first provider");
    let mut criterion = countersign_benches::configured();
    countersign_benches::bench(&mut criterion, "jsonwebtoken, aws-lc", true);
    countersign_benches::passwords(&mut criterion);
    criterion.final_summary();
}
