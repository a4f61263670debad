<?php
// Hashes and checks passwords with PHP, as a list of jobs on standard input asks for; peer.py says of what form.

$crypt = fn($prefix) => [
    "hash" => fn($password, $options) => crypt($password, $prefix . ($options["rounds"] ?? "") . salt(16) . '$'),
    "verify" => fn($password, $stored) => hash_equals($stored, crypt($password, $stored)),
];
$own = fn($algorithm) => [
    "hash" => fn($password, $options) => password_hash($password, $algorithm, $options),
    "verify" => fn($password, $stored) => password_verify($password, $stored),
];

// What WordPress makes of a password since 6.8 before it calls password_hash.
$wordpress = fn($password) => base64_encode(hash_hmac("sha384", trim($password), "wp-sha384", true));

$formats = [
    "bcrypt" => $own(PASSWORD_BCRYPT),
    "argon2i" => $own(PASSWORD_ARGON2I),
    "argon2id" => $own(PASSWORD_ARGON2ID),
    "sha256-crypt" => $crypt('$5$'),
    "sha512-crypt" => $crypt('$6$'),
    "wordpress" => [
        "hash" => fn($password, $options) => '$wp' . password_hash($wordpress($password), PASSWORD_BCRYPT, $options),
        "verify" => fn($password, $stored) => str_starts_with($stored, '$wp')
            && password_verify($wordpress($password), substr($stored, 3)),
    ],
];

function salt($length)
{
    $alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    $salt = "";
    for ($place = 0; $place < $length; $place++) {
        $salt .= $alphabet[random_int(0, 63)];
    }
    return $salt;
}

function answer($job, $formats)
{
    if ($job["op"] === "version") {
        return PHP_MAJOR_VERSION . "." . PHP_MINOR_VERSION;
    }
    $format = $formats[$job["format"]];
    if ($job["op"] === "hash") {
        return $format["hash"]($job["password"], $job["options"]);
    }
    return $format["verify"]($job["password"], $job["stored"]);
}

$answers = [];
foreach (json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR) as $job) {
    try {
        $answers[] = ["ok" => answer($job, $formats)];
    } catch (Throwable $error) {
        $answers[] = ["error" => get_class($error) . ": " . $error->getMessage()];
    }
}
echo json_encode($answers, JSON_THROW_ON_ERROR);
