//! jsonwebtoken with RustCrypto.

fn main() {
    jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default().expect("the first provider");
    let mut criterion = countersign_benches::configured();
    countersign_benches::bench(&mut criterion, "jsonwebtoken, rust_crypto", false);
    criterion.final_summary();
}
