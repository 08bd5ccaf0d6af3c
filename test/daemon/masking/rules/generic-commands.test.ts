/** Passwords as arguments are found by program and option, and the same letters elsewhere are not. */
import { genericCommandRules } from "../../../../src/daemon/masking/rules/generic-commands.js";
import type { RuleCase } from "../../../support/rule-cases.js";
import { testRules } from "../../../support/rule-cases.js";

const password = ["gWfv6", "6B65bjK"].join("");

testRules(genericCommandRules, {
  found: [
    "sshpass -p § ssh deploy@build7",
    "sshpass -p'§' ssh deploy@build7",
    "docker login -u bob -p § registry.example.net",
    "az login -u bob -p §",
    "mysql -u root -p§ shop",
    "mysqldump -h db7 -uapp -p'§' shop",
    'mariadb-admin -u root -p"§" ping',
    "redis-cli -h cache7 -a § ping",
    "gpg --batch --passphrase § -d backup.gpg",
    'gpg --batch --passphrase="§" -c out.tar',
    "curl -ubob:§ https://api.example.net/",
    "curl -s --proxy-user 'bob:§' https://api.example.net/",
    "sqlcmd -S db7 -U app -P § -Q 'select 1'",
    "openssl rsa -passin pass:§ -in key.pem",
    "openssl pkcs12 -export -passout 'pass:§' -out a.p12",
    "CREATE USER app IDENTIFIED BY '§';",
    "alter user app identified with caching_sha2_password by '§';",
    "CREATE ROLE app LOGIN PASSWORD '§';",
    "htpasswd -bc users.txt bob §",
    "ldapsearch -D cn=admin,dc=acme -w § -b dc=acme",
    "smbclient //nas7/share -U bob%§",
    "zip -P § out.zip data",
    "7z a -p§ out.7z data",
    "keytool -list -keystore a.jks -storepass §",
    "net user bob § /add",
    "rabbitmqctl add_user bob §",
    'echo "bob:§" | sudo chpasswd',
    "mongosh -u app -p § --authenticationDatabase admin",
  ]
    .map((text): RuleCase => ["command-password", password, text])
    .concat([["command-password", `${password}@db7`, "sqlplus app/§"]]),
  none: [
    "ssh -p 2222 deploy@build7",
    "mkdir -p build/out2/x9",
    "docker run -p 8080:80 nginx",
    "docker login -u bob --password-stdin registry.example.net",
    "mysql -u root -p shop",
    "mysql -P3306 -h db7 shop",
    'mysql -u root -p"$MYSQL_PWD" shop',
    "redis-cli -h cache7 -p 6379 ping",
    "grep -a needle9 haystack.bin",
    "gpg --passphrase-file /run/keys/pw7 -d backup.gpg",
    "openssl rsa -passin env:KEY_PASS -in key.pem",
    "openssl rsa -passin file:/run/keys/pw7 -in key.pem",
    "sqlplus / as sysdba",
    'curl -u "$USER:$PASS" https://api.example.net/',
    "curl --user xxx:yyy https://api.example.net/",
    "CREATE USER app IDENTIFIED WITH auth_socket;",
    "CREATE USER app IDENTIFIED BY ?;",
    "ALTER ROLE app PASSWORD NULL;",
    "ldapsearch -W -D cn=admin,dc=acme -b dc=acme",
    "zip -r out2.zip data7",
    "7z a -p out.7z data7",
    "net user bob /delete",
    "sshpass -f /run/keys/pw7 ssh deploy@build7",
    "mongodb is started with mongod -p 27017",
  ],
});
