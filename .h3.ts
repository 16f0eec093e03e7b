import { Model } from "./src/model/model.ts";
import { loadTf } from "./src/backend/tf.ts";
import { NDArray } from "./src/module/ndarray.ts";
import { Random } from "./src/module/random.ts";
const model = await Model.configure({ net: { layers: [{ dense: { units: 128, activation: "relu" } }, { dense: { units: 10 } }] } as any, criterion: "SparseCategoricalCrossentropy", metrics: Deno.args[0] ? ["Accuracy"]: [] });
model.build({input:{shape:[784],dtype:"float32"},target:{shape:[],dtype:"int32",classes:10}});
const tf: any = await loadTf();
const r = new Random(1);
const batch = { input: new NDArray("float32",[64,784], Float32Array.from({length:64*784},()=>r.uniform())), target: new NDArray("int32",[64], Int32Array.from({length:64},()=>r.below(10))), size: 64};
const bare = tf.layers.models ? tf.layers.sequential({layers:[tf.layers.layers.dense({units:128,activation:"relu",inputShape:[784]}),tf.layers.layers.dense({units:10})]}) : null;
const opt = tf.train.adam(0.001);
function bareStep() {
  return tf.tidy(() => {
    const x = tf.tensor2d(batch.input.data, [64,784]); const y = tf.oneHot(tf.tensor1d(batch.target.data,"int32"),10);
    const c = opt.minimize(() => tf.losses.softmaxCrossEntropy(y, bare.apply(x)), true);
    return c.dataSync()[0];
  });
}
for (let i=0;i<20;i++){ bareStep(); model.learn(batch); }
const best=[1e9,1e9], all:[number[],number[]]=[[],[]];
for (let rep=0;rep<40;rep++) {
  for (const [k,f] of [bareStep, ()=>model.learn(batch)].entries()) {
    const t=performance.now(); for (let i=0;i<5;i++) f(); const d=(performance.now()-t)/5; best[k]=Math.min(best[k]!,d); all[k]!.push(d);
  }
}
const med=(a:number[])=>a.sort((x,y)=>x-y)[a.length>>1]!;
console.log("bare", best[0], med(all[0]), "ours", best[1], med(all[1]), "ratio best", best[1]!/best[0]!, "median", med(all[1])/med(all[0]));
if (Deno.args[1]) {
const prof = await tf.profile(()=>{ model.learn(batch); return tf.scalar(0); });
console.log(prof.kernels.length);
const be = tf.backend();
const times = new Map<string, number>(); 
const orig = be.timerAvailable; 
const eng = tf.engine();
const names = prof.kernels.map((k:any)=>k.name+" "+k.inputShapes.map((s:any)=>s?.join("x")).join(","));
console.log(names.join("\n"));
}
