#!/bin/sh
# Makes owner-password.pdf (needs qpdf): a page with one line, encrypted with an empty user password.
set -e
cd "$(dirname "$0")"
cat > plain.tmp <<'PDF'
%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 43>>stream
BT /F 12 Tf 60 700 Td (Grant 300) Tj ET    
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
PDF
qpdf --static-id --static-aes-iv --encrypt "" owner 256 -- plain.tmp owner-password.pdf || test $? -eq 3
rm plain.tmp
