import { InferenceSession, Tensor } from 'onnxruntime-node'; import fs from 'node:fs';
const A=await import('/tmp/wt/packages/mobilenet/src/everyday-int8.ts'), B=await import('../mobilenet/src/everyday-int8.ts'), F=await import('../mobilenet/src/everyday.ts');
const cat=JSON.parse(fs.readFileSync('/work/main/models/catalogue.json'));
for (const e of cat.variants.filter(v=>v.variant.endsWith('-int8'))) { const [,al,r]=/\/([\d.]+)-(\d+)/.exec(e.variant); const S=e.preprocessing.inputSize; const opt={...e,alpha:Number(al),resolution:Number(r)}; const bytes=fs.readFileSync('/work/main/models/'+e.file); const fl=cat.variants.find(v=>v.variant+'-int8'===e.variant);
 let b0=performance.now(); const ma=A.buildEverydayInt8(bytes,opt); const ta=performance.now()-b0; b0=performance.now(); const mb=B.buildEverydayInt8(bytes,opt); const tb=performance.now()-b0;
 const mf=F.buildEveryday(fs.readFileSync('/work/main/models/'+fl.file),opt);
 const o={graphOptimizationLevel:'all',intraOpNumThreads:1,interOpNumThreads:1}; b0=performance.now(); const sa=await InferenceSession.create(ma,o); const la=performance.now()-b0; b0=performance.now(); const sb=await InferenceSession.create(mb,o); const lb=performance.now()-b0; const sf=await InferenceSession.create(mf,o);
 const t={a:[],b:[],f:[]}; let eq=true; for(let i=0;i<250;i++){ const px=new Uint8Array(S*S*3).map(()=>Math.random()*255); const out={}; for(const [k,s] of [['a',sa],['b',sb],['f',sf]]){ const z=performance.now(); out[k]=(await s.run({images:new Tensor('uint8',px,[1,S,S,3])})).probabilities.data; t[k].push(performance.now()-z);} eq&&=out.a.every((x,j)=>x===out.b[j]); }
 const m=k=>t[k].slice(50).sort((x,y)=>x-y)[100]; console.log(e.variant,'float',m('f').toFixed(2),'old',m('a').toFixed(2),'new',m('b').toFixed(2),'ratio',(m('b')/m('a')).toFixed(2),'of float',(m('b')/m('f')).toFixed(2),'equal',eq,'build',ta.toFixed(0),tb.toFixed(0),'load',la.toFixed(0),lb.toFixed(0)); }
process.exit();
