// Seals and opens WeChat messages with the npm package named first: one request, one answer, JSON.
const { createHash } = require("crypto");
const [peer] = process.argv.slice(2);
const ask = JSON.parse(require("fs").readFileSync(0, "utf8"));
const { token, key, id, timestamp, nonce } = ask;

const implementations = {
  "@wecom/crypto": () => {
    const crypto = require("@wecom/crypto");
    return {
      encrypt: (text) => crypto.encrypt(key, text, id),
      decrypt: (sealed) => crypto.decrypt(key, sealed),
      sign: (sealed) => crypto.getSignature(token, timestamp, nonce, sealed),
    };
  },
  "wechat-crypto": () => {
    const crypto = new (require("wechat-crypto"))(token, key, id);
    return {
      encrypt: (text) => crypto.encrypt(text),
      decrypt: (sealed) => crypto.decrypt(sealed),
      sign: (sealed) => crypto.getSignature(timestamp, nonce, sealed),
    };
  },
};

const crypto = implementations[peer]();
const sealed = ask.sealed ?? crypto.encrypt(ask.text);
const opened = ask.sealed ? crypto.decrypt(ask.sealed) : {};
console.log(JSON.stringify({ sealed, signature: crypto.sign(sealed), text: opened.message, id: opened.id }));
