<?php
// Hashes and checks passwords with PHP, for the jobs on standard input; peer.py describes their form.

$crypt = fn($prefix) => [
    "hash" => fn($password, $options) => crypt($password, $prefix . ($options["rounds"] ?? "") . salt(16) . '$'),
    "verify" => fn($password, $stored) => hash_equals($stored, crypt($password, $stored)),
];
$own = fn($algorithm) => [
    "hash" => fn($password, $options) => password_hash($password, $algorithm, $options),
    "verify" => fn($password, $stored) => password_verify($password, $stored),
];

// The pre-hash of WordPress since 6.8: it goes to password_hash.
$wordpress = fn($password) => base64_encode(hash_hmac("sha384", trim($password), "wp-sha384", true));

// The portable hashes of phpass; `$seen` is what the software does to a password before.
$phpass = fn($prefix, $seen) => [
    "hash" => fn($password, $options) => phpass($seen($password), $prefix . ITOA64[$options["cost"]] . salt(8)),
    "verify" => fn($password, $stored) => hash_equals($stored, phpass($seen($password), substr($stored, 0, 12))),
];
// wp_magic_quotes(), when a password is set as when somebody logs in.
$slashed = fn($password) => trim(addslashes($password));
// phpBB's request class.
$html = fn($password) => htmlspecialchars($password, ENT_COMPAT, "UTF-8");

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
    "wordpress-log-in" => [
        "hash" => fn($password, $options) => '$wp'
            . password_hash($wordpress(addslashes($password)), PASSWORD_BCRYPT, $options),
        "verify" => fn($password, $stored) => str_starts_with($stored, '$wp')
            && password_verify($wordpress(addslashes($password)), substr($stored, 3)),
    ],
    "phpass" => $phpass('$P$', fn($password) => $password),
    "wordpress-log-in-phpass" => $phpass('$P$', $slashed),
    "phpbb-log-in" => $phpass('$H$', $html),
];

const ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// phpass's crypt_private(): a setting is the prefix, the cost and the salt.
function phpass($password, $setting)
{
    $hash = md5(substr($setting, 4) . $password, true);
    for ($round = 0; $round < 1 << strpos(ITOA64, $setting[3]); $round++) {
        $hash = md5($hash . $password, true);
    }
    $text = "";
    foreach (str_split($hash, 3) as $three) {
        $value = ord($three[0]) | ord($three[1] ?? "") << 8 | ord($three[2] ?? "") << 16;
        for ($digit = 0; $digit <= strlen($three); $digit++) {
            $text .= ITOA64[$value >> 6 * $digit & 63];
        }
    }
    return $setting . $text;
}

function salt($length)
{
    $salt = "";
    for ($place = 0; $place < $length; $place++) {
        $salt .= ITOA64[random_int(0, 63)];
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
