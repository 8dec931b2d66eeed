# typed data is shown value by value, every element of a list, and no value can look like another row
start --line
call account_signTypedData '["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",{"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"chainId","type":"uint256"}],"PermitBatch":[{"name":"details","type":"Details[]"},{"name":"note","type":"string"}],"Details":[{"name":"token","type":"address"},{"name":"amount","type":"uint160"}]},"primaryType":"PermitBatch","domain":{"name":"Permit2","chainId":1},"message":{"details":[{"token":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","amount":"1"},{"token":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","amount":"9007199254740993"}],"note":"a\n  amount        0"}}]'
screen 'SIGN?         Sign PermitBatch for "Permit2" on Ethereum (chain 1)'
screen '!  warning    this may let somebody else spend your tokens'
screen 'domain.name   Permit2'
screen '.details[0].token'
screen '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
screen '.details[1].amount'
screen '9007199254740993'
screen '.note         a⟨U+000A⟩'
screen 'PermitBatch(Details[]'
read
type yes
screen 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
type password-0123456789
screen 'Signed: with 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
reply '"result":"0x'
ledger 'intent kind":"typed-data account_signTypedData'
