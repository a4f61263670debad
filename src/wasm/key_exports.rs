//! The methods that keys for signatures and keys for encryption have in common. `wasm-bindgen` cannot export a trait's
//! methods, so they are written once here and expanded for each class.

/// Adds the common methods to a class around a key. The file that uses it must define `import_options` and
/// `document_options`, which read options.
macro_rules! key_exports {
    ($class:ident, $key:ident) => {
        #[wasm_bindgen]
        impl $class {
            pub fn from_secret(secret: Vec<u8>, options: &JsValue) -> Result<$class, JsValue> {
                let secret = Zeroizing::new(secret);
                wrap(
                    import_options_with_alg(options)
                        .and_then(|(alg, options)| $key::from_secret(&secret, alg, &options)),
                )
            }

            pub fn from_jwk(jwk: &JsValue, options: &JsValue) -> Result<$class, JsValue> {
                wrap(import_options(options).and_then(|(alg, options)| $key::from_jwk(&read_jwk(jwk)?, alg, &options)))
            }

            pub fn alg(&self) -> String {
                self.0.algorithm().name().into()
            }

            pub fn kid(&self) -> Option<String> {
                self.0.kid().map(Into::into)
            }

            pub fn kind(&self) -> String {
                self.0.key_type().name().into()
            }

            pub fn curve(&self) -> Option<String> {
                self.0.curve().map(Into::into)
            }

            pub fn modulus_length(&self) -> Option<usize> {
                self.0.modulus_length()
            }

            pub fn with_kid(&self, kid: Option<String>) -> $class {
                $class(self.0.with_kid(kid))
            }

            pub fn public_key(&self) -> Result<$class, JsValue> {
                wrap(self.0.public_key())
            }

            pub fn to_jwk(&self, options: &JsValue) -> Result<JsValue, JsValue> {
                write_jwk(&throwing(private(options).and_then(|private| self.0.to_jwk(private)))?)
            }
        }

        fn import_options_with_alg(options: &JsValue) -> Result<ImportOptions, Error> {
            with_alg(import_options(options)?)
        }

        fn wrap(key: Result<$key, Error>) -> Result<$class, JsValue> {
            throwing(key.map($class))
        }
    };
}

/// Adds the methods that read and write PEM and DER, which the small module lacks.
#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
macro_rules! document_exports {
    ($class:ident, $key:ident, $to_pem:ident) => {
        #[wasm_bindgen]
        impl $class {
            /// Takes bytes, because JavaScript strings that are not ASCII are copied more than once on their way here,
            /// and not every copy is wiped.
            pub fn from_pem(pem: Vec<u8>, passphrase: Option<Vec<u8>>, options: &JsValue) -> Result<$class, JsValue> {
                let document = Document::new(pem, passphrase);
                wrap(document_options(options).and_then(|(alg, options)| match document.passphrase() {
                    Some(passphrase) => $key::from_encrypted_pem(document.text(), passphrase, alg, &options),
                    None => $key::from_pem(document.text(), alg, &options),
                }))
            }

            pub fn from_der(der: Vec<u8>, passphrase: Option<Vec<u8>>, options: &JsValue) -> Result<$class, JsValue> {
                let document = Document::new(der, passphrase);
                wrap(document_options(options).and_then(|(alg, options)| match document.passphrase() {
                    Some(passphrase) => $key::from_encrypted_der(document.bytes(), passphrase, alg, &options),
                    None => $key::from_der(document.bytes(), alg, &options),
                }))
            }

            pub fn from_unverified_certificate(certificate: &[u8], options: &JsValue) -> Result<$class, JsValue> {
                wrap(
                    import_options_with_alg(options)
                        .and_then(|(alg, options)| $key::from_unverified_certificate(certificate, alg, &options)),
                )
            }

            pub fn from_unverified_certificate_pem(text: &str, options: &JsValue) -> Result<$class, JsValue> {
                wrap(
                    import_options_with_alg(options)
                        .and_then(|(alg, options)| $key::from_unverified_certificate_pem(text, alg, &options)),
                )
            }

            pub fn to_pem(&self, passphrase: Option<Vec<u8>>, options: &JsValue) -> Result<JsString, JsValue> {
                let passphrase = passphrase.map(Zeroizing::new);
                write_pem(form(options).and_then(|form| match passphrase {
                    Some(passphrase) => form.encrypted().and_then(|()| self.0.to_encrypted_pem(&passphrase)),
                    None => self.0.$to_pem(form),
                }))
            }

            pub fn to_der(&self, passphrase: Option<Vec<u8>>, options: &JsValue) -> Result<Uint8Array, JsValue> {
                let passphrase = passphrase.map(Zeroizing::new);
                write_der(form(options).and_then(|form| match passphrase {
                    Some(passphrase) => form.encrypted().and_then(|()| self.0.to_encrypted_der(&passphrase)),
                    None => self.0.to_der(form),
                }))
            }
        }
    };
}

#[cfg(any(feature = "npm-jwe", feature = "npm-jwt"))]
pub(super) use document_exports;
pub(super) use key_exports;
